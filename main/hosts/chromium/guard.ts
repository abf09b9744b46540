// Who may speak to the loopback server: only the window that was given this start's address. A page of another origin, a name
// that was bound anew to 127.0.0.1 (DNS rebinding), and another program without the token are refused before any handler.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isPlainPath } from '../../window-files.ts';

export type Verdict = 'pass' | 403 | 421;

export interface Guard {
  /** A path with a token that opens the app once: `/?token=…`. */
  newEntrance(): string;
  /** Whether `path` is an entrance that was not used yet; it is used by asking. */
  enter(path: string): boolean;
  readonly cookie: string;
  /** Of a request or an upgrade, without the session's cookie. 421: not our host. 403: anything else that is wrong. */
  check(request: IncomingMessage): Verdict;
  /** `check`, and the request carries the session's cookie. */
  checkSession(request: IncomingMessage): Verdict;
  /** `checkSession` for a WebSocket: the origin has to be named, and it is ours. */
  checkUpgrade(request: IncomingMessage): Verdict;
}

const methods = new Set(['GET', 'HEAD', 'PUT']);
const token = () => randomBytes(32).toString('base64url');
const digest = (text: string) => createHash('sha256').update(text).digest();
const equal = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));

/** A header that may come once only: its value, undefined when absent, null when it came twice. */
const single = (request: IncomingMessage, name: string): string | undefined | null => {
  const values: string[] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    if (request.rawHeaders[i].toLowerCase() === name) values.push(request.rawHeaders[i + 1]);
  }
  return values.length > 1 ? null : values[0];
};

/** The path of a request as it was sent, without its query; undefined when it is no plain path. */
const plainPath = (request: IncomingMessage): string | undefined => {
  const target = request.url ?? '';
  const path = target.split('?', 1)[0];
  return target.length <= 500 && isPlainPath(path) ? path : undefined;
};

/** `port` of the server on 127.0.0.1. */
export const createGuard = (port: number): Guard => {
  const host = `127.0.0.1:${port}`;
  const origin = `http://${host}`;
  const session = token();
  const sessionName = `longleaf-${port}`;
  const entrances = new Set<string>();

  const check = (request: IncomingMessage): Verdict => {
    if (single(request, 'host') !== host) return 421;
    const from = single(request, 'origin');
    if (from !== undefined && from !== origin) return 403;
    const site = single(request, 'sec-fetch-site');
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return 403;
    if (!methods.has(request.method ?? '') || plainPath(request) === undefined) return 403;
    // A page of ours always names itself when it writes.
    if (request.method === 'PUT' && from !== origin) return 403;
    return 'pass';
  };

  const hasSession = (request: IncomingMessage): boolean => {
    const cookies = (single(request, 'cookie') ?? '').split(';').map((part) => part.trim());
    const own = cookies.filter((part) => part.startsWith(`${sessionName}=`));
    return own.length === 1 && equal(own[0].slice(sessionName.length + 1), session);
  };

  const checkSession = (request: IncomingMessage): Verdict => {
    const verdict = check(request);
    return verdict === 'pass' && !hasSession(request) ? 403 : verdict;
  };

  return {
    newEntrance: () => {
      const fresh = token();
      entrances.add(fresh);
      return `/?token=${fresh}`;
    },
    enter: (path) => {
      const given = /^\/\?token=([A-Za-z0-9_-]{43})$/.exec(path)?.[1];
      const known = given === undefined ? undefined : [...entrances].find((entrance) => equal(entrance, given));
      return known !== undefined && entrances.delete(known);
    },
    cookie: `${sessionName}=${session}; HttpOnly; SameSite=Strict; Path=/`,
    check,
    checkSession,
    checkUpgrade: (request) => {
      const verdict = checkSession(request);
      if (verdict !== 'pass') return verdict;
      const socket =
        request.method === 'GET' &&
        request.url === '/rpc' &&
        request.headers.upgrade?.toLowerCase() === 'websocket' &&
        single(request, 'origin') === origin;
      return socket ? 'pass' : 403;
    },
  };
};
