// What a check of `npm run verify` is. A file of this folder holds one group of them.
import type { Device } from '../../gpu/runtime/device.ts';
import type { Recorder } from '../../gpu/runtime/recorder.ts';

/** What checks share: one adapter, one device on it, and every shader compiled once. */
export interface Bench {
  readonly gpu: GPU;
  readonly device: Device;
  readonly recorder: Recorder;
}

export interface Check {
  readonly name: string;
  /** What is to be reached, as text: "<= 1e-3, top-1 192 of 192". */
  readonly figure: string;
  /** `measured` as text. A check that cannot be made here says why in `skipped`. Throwing is failing. */
  run(bench: Bench): Promise<{ measured: string; ok: boolean } | { skipped: string }>;
}
