// All that the window gets from Electron: one port to main, handed over when the page asks (protocol in common/rpc.ts). Nothing is
// exposed in the page's world.
import { ipcRenderer } from 'electron';

/** The little of the page's world that this file touches; main is compiled without the DOM. */
declare const window: {
  addEventListener(type: 'message', listener: (event: { source: unknown; data: unknown }) => void): void;
  postMessage(message: string, targetOrigin: string, transfer: readonly unknown[]): void;
};
declare const location: { origin: string };

const ready = 'longleaf-ready';
const port = 'longleaf-port';

window.addEventListener('message', (event) => {
  if (event.source === window && event.data === ready) ipcRenderer.send(ready);
});

ipcRenderer.on(port, (event) => window.postMessage(port, location.origin, event.ports));
