// Typed calls over one port: a MessagePort in Electron, a WebSocket in the Chromium host. Values are plain JSON, every argument
// is checked against api.ts before a handler sees it, and only our own errors cross.
//
// How a window gets its port (it chooses by `location.protocol === 'app:'`):
// - Electron: the page listens for `message` events and then posts 'longleaf-ready' to itself,
//     window.postMessage('longleaf-ready', location.origin);
//   the preload answers with one event whose `data` is 'longleaf-port' and whose `ports[0]` is the MessagePort (check that
//   `event.source === window`). Each 'longleaf-ready' gives a new port and closes the one before. Messages are strings.
// - Chromium: a WebSocket at ws://<own host>/rpc (`new WebSocket('/rpc')`); every text frame is one message. The cookie that
//   the first page set is sent by the browser. When it closes, the app has ended: calls then reject with kind 'gone'.
// Wrap either as a `Port` and hand it to `connectApi(port)`. Calls that fail reject with a `MainError` whose message is one plain
// sentence to show.
import { createBirpc } from 'birpc';
import * as z from 'zod';
import { callNames, callSchemas, type MainApi, MainError, type MainErrorKind } from './api.ts';

/** One end of a connection between a window and main. */
export interface Port {
  post(message: string): void;
  /** One listener; messages that came before it was set are kept for it. */
  listen(onMessage: (message: string) => void): void;
  onClose(callback: () => void): void;
  close(): void;
}

/** Characters. The longest reply of a real document is about a hundredth of it. */
export const longestMessage = 8 * 1024 * 1024;
/** A call that takes longer than this has failed. Milliseconds. */
const callTimeout = 120_000;

const unforeseen = 'Something went wrong in Longleaf; your documents and history are kept.';
const gone = 'The app behind this window has ended; your documents and history are kept. Start Longleaf again.';

const request = z.object({
  t: z.literal('q'),
  i: z.string().min(1).max(64),
  m: z.string().max(64),
  a: z.array(z.unknown()).max(8),
});
const crossingError = z.object({ name: z.literal('MainError'), kind: z.string(), message: z.string() });
const response = z.object({
  t: z.literal('s'),
  i: z.string().min(1).max(64),
  r: z.unknown().optional(),
  e: crossingError.optional(),
});

/** An answer to no call. */
const ignored = { t: 's', i: '' };

type Crossing = z.infer<typeof crossingError>;
type Functions = Record<string, (...values: unknown[]) => unknown>;

/** What a window may know of an error: our own sentences as they are, everything else as one sentence without details. */
const crossing = (error: unknown): Crossing =>
  error instanceof MainError
    ? { name: 'MainError', kind: error.kind, message: error.message }
    : { name: 'MainError', kind: 'unforeseen', message: unforeseen };

const parseMessage = <T>(schema: z.ZodType<T>, message: string): T => {
  if (typeof message !== 'string' || message.length > longestMessage) throw new MainError('too-large', unforeseen);
  return schema.parse(JSON.parse(message));
};

/** Without a prototype, so that no inherited name is a method. */
const checkedCalls = (api: MainApi, report: (error: unknown, call: string) => void): Functions => {
  const functions: Functions = Object.create(null);
  for (const name of callNames) {
    functions[name] = async (...values) => {
      const checked = callSchemas[name].safeParse(values);
      if (!checked.success) throw new MainError('refused', `Longleaf refused a wrong request (${name}).`);
      try {
        return await (api[name] as (...values: unknown[]) => Promise<unknown>)(...checked.data);
      } catch (error) {
        if (!(error instanceof MainError) || error.detail !== '') report(error, name);
        throw error;
      }
    };
  }
  return functions;
};

/**
 * Answers the calls of one window until its port closes. A message that is no call is dropped; a call that is unknown, or
 * has wrong arguments, is refused. `report` hears of errors whose details the window does not.
 */
export const serveApi = (
  port: Port,
  api: MainApi,
  report: (error: unknown, call: string) => void = () => undefined,
): void => {
  const functions = checkedCalls(api, report);
  const rpc = createBirpc<object, Functions, false>(functions, {
    proxify: false,
    post: (message: string) => port.post(message),
    on: (onMessage) => port.listen(onMessage),
    serialize: (message) => JSON.stringify('e' in message ? { ...message, e: crossing(message.e) } : message),
    deserialize: (message) => parseMessage(request, message),
    resolver: (name) =>
      Object.hasOwn(functions, name)
        ? functions[name]
        : () => {
            throw new MainError('refused', 'Longleaf refused a request that it does not know.');
          },
    onGeneralError: () => true,
  });
  port.onClose(() => rpc.$close());
};

const fromCrossing = (error: unknown): MainError => {
  if (error instanceof MainError) return error;
  const known = crossingError.safeParse(error);
  return known.success
    ? new MainError(known.data.kind as MainErrorKind, known.data.message)
    : new MainError('gone', gone);
};

/** The window's end: every call of `MainApi`; each rejects with a `MainError`. */
export const connectApi = (port: Port): MainApi => {
  const rpc = createBirpc<Functions, object, false>(Object.create(null), {
    proxify: false,
    timeout: callTimeout,
    post: (message: string) => port.post(message),
    on: (onMessage) => port.listen(onMessage),
    serialize: (message) => {
      const text = JSON.stringify(message);
      if (text.length > longestMessage)
        throw new MainError('too-large', 'This is too large to be stored; nothing was changed.');
      return text;
    },
    deserialize: (message) => {
      try {
        return parseMessage(response, message);
      } catch {
        return ignored;
      }
    },
    onTimeoutError: () => {
      throw new MainError('busy', 'Longleaf did not answer in time; try again.');
    },
  });
  port.onClose(() => rpc.$close(new MainError('gone', gone)));
  const call = async (name: string, values: unknown[]) => {
    try {
      return await rpc.$call(name, ...values);
    } catch (error) {
      throw fromCrossing(error);
    }
  };
  return Object.fromEntries(
    callNames.map((name) => [name, (...values: unknown[]) => call(name, values)]),
  ) as unknown as MainApi;
};
