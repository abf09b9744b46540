// The graphics adapters that engine tests run on in Node: hardware where there is some, and SwiftShader on Linux.
import { afterAll } from 'vitest';
import { findGpu } from '../../main/hosts/terminal/adapter.ts';

/** WebGPU for one test file; given back after its last test, because Node ends only then. */
export async function testGpu(): Promise<GPU> {
  const found = await findGpu();
  afterAll(() => found.release());
  return found.gpu;
}
