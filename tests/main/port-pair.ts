// Two ends of one connection in memory: what is posted at one end arrives at the other in a later microtask, in order.
import type { Port } from '../../main/common/rpc.ts';

interface End {
  heard: string[];
  onMessage?: (message: string) => void;
  onClose: (() => void)[];
}

export const portPair = (): [Port, Port] => {
  const ends: [End, End] = [
    { heard: [], onClose: [] },
    { heard: [], onClose: [] },
  ];
  let open = true;
  const deliver = (end: End) => {
    while (end.onMessage && end.heard.length > 0) end.onMessage(end.heard.shift()!);
  };
  const portOf = (own: End, other: End): Port => ({
    post: (message) => {
      if (!open) return;
      other.heard.push(message);
      queueMicrotask(() => deliver(other));
    },
    listen: (onMessage) => {
      own.onMessage = onMessage;
      queueMicrotask(() => deliver(own));
    },
    onClose: (callback) => own.onClose.push(callback),
    close: () => {
      if (!open) return;
      open = false;
      for (const end of ends) for (const callback of end.onClose) callback();
    },
  });
  return [portOf(ends[0], ends[1]), portOf(ends[1], ends[0])];
};
