// The graphics adapter that engine tests run on in Node: hardware where there is some, and SwiftShader on Linux. Another one is chosen
// by LONGLEAF_TEST_ADAPTER (`swiftshader`, or part of a name) or, before that, by the Vulkan loader's own VK_DRIVER_FILES.
import { afterAll } from 'vitest';
import { findGpu } from '../../main/hosts/terminal/adapter.ts';

/** WebGPU for one test file; given back after its last test, because Node ends only then. */
export async function testGpu(): Promise<GPU> {
  const found = await findGpu({ adapter: process.env.LONGLEAF_TEST_ADAPTER ?? 'auto' });
  afterAll(() => found.release());
  return found.gpu;
}
