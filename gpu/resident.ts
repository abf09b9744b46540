// A model on one device: everything that is lost together when the device is lost, and is made anew together.
import type { LoadOptions } from './api.ts';
import type { LoadedModel } from './model/family.ts';
import { allocateModel, fillModel } from './model/load.ts';
import { warm } from './model/pass.ts';
import type { OpenModel } from './open-model.ts';
import { type Device, expectAlive, explained } from './runtime/device.ts';
import { Recorder } from './runtime/recorder.ts';

export interface Resident {
  readonly device: Device;
  readonly recorder: Recorder;
  readonly model: LoadedModel;
  /** Tokens of the window. */
  readonly contextLength: number;
  /** Frees all GPU memory. */
  destroy(): void;
}

/**
 * Loads a model onto `device`. Throws EngineError 'out-of-memory' (with figures), 'unsupported-model' or 'device-lost', the source's
 * own errors, and the signal's reason after an abort; the device is destroyed then and nothing is left on it.
 */
export async function loadResident(device: Device, open: OpenModel, options: LoadOptions): Promise<Resident> {
  let recorder: Recorder | undefined;
  let release = () => {};
  const destroy = () => {
    recorder?.destroy();
    release();
    device.gpu.destroy();
  };
  try {
    const { model, arena, sizes, ...rest } = await allocateModel(device, open, options);
    release = () => arena.destroy();
    recorder = new Recorder(device, sizes.readable);
    // Compiling takes longer than reading on some systems, and neither needs the other.
    const filled = fillModel(device, open, { model, arena, sizes, ...rest }, options);
    await orAborted(options.signal, [warm(recorder, model), filled]);
    await expectAlive(device.gpu);
    if (device.reported.length > 0) throw device.reported[0];
    return { device, recorder, model, contextLength: sizes.contextLength, destroy };
  } catch (error) {
    const told = error === options.signal?.reason ? error : await explained(device.gpu, error);
    destroy();
    throw told;
  }
}

/** Waits for all of them, or throws the signal's reason: compilation itself cannot be stopped. */
async function orAborted(signal: AbortSignal | undefined, all: readonly Promise<unknown>[]): Promise<void> {
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  await Promise.race([Promise.all(all), aborted]);
}
