// A page of one line: starts the worker and keeps what it posts where the test can wait for it.
const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
Object.assign(window, {
  kernelResults: new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  }),
});
