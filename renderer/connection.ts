// How this window reaches main: a MessagePort handed over by Electron's preload, or a WebSocket to the loopback server. The
// address of the page says which (see main/common/rpc.ts).
import type { MainApi } from '../main/common/api.ts';
import { connectApi, type Port } from '../main/common/rpc.ts';

export const connect = async (): Promise<MainApi> =>
  connectApi(location.protocol === 'app:' ? await electronPort() : webSocketPort());

/** Keeps messages until somebody listens. */
function inbox() {
  let waiting: string[] = [];
  let listener: ((message: string) => void) | undefined;
  return {
    receive(data: unknown) {
      if (typeof data !== 'string') return;
      if (listener) listener(data);
      else waiting.push(data);
    },
    listen(onMessage: (message: string) => void) {
      listener = onMessage;
      for (const message of waiting) onMessage(message);
      waiting = [];
    },
  };
}

const electronPort = (): Promise<Port> =>
  new Promise((resolve) => {
    const take = (event: MessageEvent) => {
      const port = event.ports[0];
      if (event.source !== window || event.data !== 'longleaf-port' || !port) return;
      window.removeEventListener('message', take);
      const { receive, listen } = inbox();
      port.onmessage = ({ data }) => receive(data);
      resolve({
        post: (message) => port.postMessage(message),
        listen,
        onClose: (callback) => port.addEventListener('close', callback),
        close: () => port.close(),
      });
    };
    window.addEventListener('message', take);
    window.postMessage('longleaf-ready', location.origin);
  });

function webSocketPort(): Port {
  const socket = new WebSocket('/rpc');
  const { receive, listen } = inbox();
  let early: string[] = [];
  socket.onmessage = ({ data }) => receive(data);
  socket.onopen = () => {
    for (const message of early) socket.send(message);
    early = [];
  };
  return {
    post: (message) => {
      if (socket.readyState === WebSocket.CONNECTING) early.push(message);
      else socket.send(message);
    },
    listen,
    onClose: (callback) => socket.addEventListener('close', callback),
    close: () => socket.close(),
  };
}
