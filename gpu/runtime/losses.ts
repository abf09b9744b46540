// Losing the graphics device is normal: a driver is updated, a laptop sleeps, a watchdog fires, the browser's GPU process dies. Whoever
// works on one runs his work through `surviving`, which starts it again on a new device, but not for ever.
import { EngineError } from '../api.ts';

/** So many losses within so many milliseconds are a device that does not work. */
const mostLosses = 3;
const within = 120_000;

export const isLoss = (error: unknown): error is EngineError =>
  error instanceof EngineError && error.kind === 'device-lost';

export class Losses {
  readonly #times: number[] = [];

  /** Throws EngineError 'device-lost' when this one is one too many. */
  count({ detail }: EngineError): void {
    const now = performance.now();
    this.#times.push(now);
    if (this.#times.filter((time) => now - time < within).length < mostLosses) return;
    throw new EngineError(
      'device-lost',
      'The graphics device keeps failing. Choose a smaller model or a shorter window, or restart the computer.',
      detail,
    );
  }
}

/** What `run` gives, however often the device was lost on the way; `onLoss` is called before `run` is called again. */
export async function surviving<T>(losses: Losses, run: () => Promise<T>, onLoss: () => void): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!isLoss(error)) throw error;
      losses.count(error);
      onLoss();
    }
  }
}
