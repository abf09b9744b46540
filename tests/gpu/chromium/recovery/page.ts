// Starts the worker and gives the test a function that has it write a text, and hears how far it is.
import type { FromWriter } from './worker.ts';

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
Object.assign(window, {
  /** `told(stage)` is called at each stage. */
  write: (told: (stage: string) => void) =>
    new Promise((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<FromWriter>) => ('stage' in data ? told(data.stage) : resolve(data));
      worker.postMessage('write');
    }),
});
