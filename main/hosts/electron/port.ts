// Electron's end of a window's connection as a `Port`.
import type { MessagePortMain } from 'electron';
import type { Port } from '../../common/rpc.ts';

/** Electron keeps messages until `start`, which comes with the listener. What is no text is dropped. */
export const portOf = (end: MessagePortMain): Port => ({
  post: (message) => end.postMessage(message),
  listen: (onMessage) => {
    end.on('message', ({ data }) => {
      if (typeof data === 'string') onMessage(data);
    });
    end.start();
  },
  onClose: (callback) => end.on('close', callback),
  close: () => end.close(),
});
