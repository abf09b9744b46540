// One file on a server: what it is (size, validator, the publisher's hash), and its bytes by ranges. Redirects are followed one by one,
// each to an address that may be fetched; nothing is decompressed; a server that falls silent is given up. Servers are believed in
// nothing: status, range, length and encoding of each answer are compared with what was asked.
import { MainError } from '../../common/api.ts';
import type { MayFetch } from './address.ts';
import { createFetch, type ProxyMeans } from './proxy.ts';

export interface RemoteFacts {
  bytes: number;
  /** A strong ETag: the same for the same bytes only. */
  etag?: string;
  /** Hexadecimal, as the publisher states it. */
  sha256?: string;
}

/** An answer whose head was checked. */
export interface Answer extends RemoteFacts {
  /** Of the first byte of `body` in the file. */
  offset: number;
  body: AsyncIterable<Uint8Array>;
  /** Gives the connection up. */
  cancel(): void;
}

export interface Remote {
  /** The file from `offset` on, `length` bytes of it at most; from 0 on when the server knows no ranges. `etag`: only when it is still that one. */
  open(url: URL, options: { offset: number; length?: number; etag?: string; signal?: AbortSignal }): Promise<Answer>;
}

export interface RemoteOptions extends ProxyMeans {
  /** Whether the reader wants nothing to be asked of the network. */
  isOffline(): boolean;
  mayFetch: MayFetch;
  /** Milliseconds without a byte after which a server counts as silent. */
  silence: number;
}

/** Why an answer is none. */
export class RemoteError extends MainError {
  /** Asking again may help. */
  readonly again: boolean;
  /** What lies there is another file than before. */
  readonly changed: boolean;
  /** Milliseconds that the server asks to wait for. */
  readonly wait: number;
  constructor(message: string, detail: string, { again = false, changed = false, wait = 0 } = {}) {
    super('remote', message, detail);
    this.again = again;
    this.changed = changed;
    this.wait = wait;
  }
}

const mostRedirects = 8;

export const cutOff = (detail: string): RemoteError =>
  new RemoteError('The connection to the server was cut.', detail, { again: true });
export const changed = (detail: string): RemoteError =>
  new RemoteError(
    'The file at this address is not the same as before; nothing was stored. Download it again.',
    detail,
    {
      changed: true,
    },
  );
export const webPage = (): RemoteError =>
  new RemoteError(
    'The server sent a web page instead of the model. The model may want you to sign in or to accept its licence there; download it with a browser and choose the file.',
    'text/html',
  );

const statusError = (status: number, headers: Headers): RemoteError => {
  const detail = `status ${status}`;
  if (status === 404 || status === 410)
    return new RemoteError('There is no such file on the server. Check the address.', detail);
  if (status === 401 || status === 403)
    return new RemoteError(
      'The server does not give this file to everyone: it may want you to sign in or to accept its licence. Download it with a browser and choose the file.',
      detail,
    );
  if (status === 429 || status >= 500) {
    const seconds = Number(headers.get('retry-after') ?? 0);
    const wait = Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 60) * 1000 : 0;
    const said = status === 429 ? 'The server is asked too much just now.' : 'The server has a problem just now.';
    return new RemoteError(`${said} Try again later.`, detail, { again: true, wait });
  }
  return new RemoteError('The server did not give the file. Check the address.', detail);
};

/** The hash that a publisher states of a large file, as Hugging Face does on its own answer, before the redirect to where the bytes lie. */
const statedHash = (headers: Headers): string | undefined =>
  /^"?([0-9a-f]{64})"?$/.exec(headers.get('x-linked-etag') ?? '')?.[1];

const strongTag = (headers: Headers): string | undefined => {
  const tag = headers.get('etag') ?? '';
  return /^"[\x21\x23-\x7e]{1,500}"$/.test(tag) ? tag : undefined;
};

/** Whole numbers that a size can be. */
const size = (text: string | null | undefined): number | undefined =>
  text && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

/** Where the body begins and how large the whole is, by status and headers; throws where they do not fit together. */
const placeOf = (response: Response, asked: { offset: number; length?: number }): { offset: number; bytes: number } => {
  const length = size(response.headers.get('content-length'));
  if (response.status === 200) {
    if (length === undefined)
      throw new RemoteError('The server does not say how large the file is. Download it with a browser.', 'no length');
    return { offset: 0, bytes: length };
  }
  const [, from, to, whole] =
    /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(response.headers.get('content-range') ?? '') ?? [];
  const bytes = size(whole);
  const wrong = (what: string) =>
    new RemoteError('The server sent another part of the file than the one asked for. Try again.', what);
  if (bytes === undefined) throw wrong('no content-range');
  const end = asked.length === undefined ? bytes : Math.min(bytes, asked.offset + asked.length);
  if (Number(from) !== asked.offset || Number(to) !== end - 1) throw wrong(`bytes ${from}-${to} of ${whole}`);
  if (length !== undefined && length !== end - asked.offset) throw wrong(`${length} bytes of ${from}-${to}`);
  return { offset: asked.offset, bytes };
};

/** The body as it comes; throws `cutOff` when nothing comes for too long. `touch` is called with every piece. */
const watched = async function* (response: Response, touch: () => void, done: () => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      touch();
      yield piece;
    }
  } finally {
    done();
  }
};

const offline = (): MainError =>
  new MainError('refused', 'Longleaf is set to stay offline, so nothing was asked for. Change that in its settings.');

const proxyWantsName = (detail: string): RemoteError =>
  new RemoteError(
    'The proxy wants a name and a password. Write them into its address in the settings: http://name:password@host:port.',
    detail,
  );

const unreachable = (detail: string, proxy: string): RemoteError => {
  const check = proxy ? 'Check the connection, and the proxy in the settings.' : 'Check the connection.';
  return new RemoteError(`The server cannot be reached. ${check}`, detail, { again: true });
};

/** One request after the other until none leads elsewhere. */
const createFollow = (means: Pick<RemoteOptions, 'mayFetch' | keyof ProxyMeans>) => {
  const fetch = createFetch(means);
  return async (first: URL, headers: Record<string, string>, signal: AbortSignal) => {
    let url = first;
    let sha256: string | undefined;
    for (let redirects = 0; ; redirects++) {
      const response = await fetch(url, { headers, redirect: 'manual', signal, credentials: 'omit' });
      sha256 ??= statedHash(response.headers);
      if (response.status < 300 || response.status >= 400 || response.status === 304) return { response, sha256 };
      await response.body?.cancel();
      const to = response.headers.get('location');
      if (to === null || redirects === mostRedirects)
        throw new RemoteError('The server sends from one address to the next without end.', `${redirects} redirects`);
      url = new URL(to, url);
      if (!means.mayFetch(url) || url.username || url.password)
        throw new RemoteError(
          'The server leads to an address that is not https; nothing was fetched from there.',
          `redirect to ${url.protocol}`,
        );
    }
  };
};

export const createRemote = ({ isOffline, silence, ...means }: RemoteOptions): Remote => {
  const follow = createFollow(means);
  const ask = async (url: URL, headers: Record<string, string>, controller: AbortController, signal?: AbortSignal) => {
    try {
      return await follow(url, headers, controller.signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof MainError) throw error;
      const { cause } = error as { cause?: { code?: string; message?: string; cause?: unknown } };
      const detail = String(cause?.code || (cause?.message ?? error));
      if (/\b407\b/.test(String(cause?.cause))) throw proxyWantsName(detail);
      const untrusted = /CERT|SSL|TLS|self-signed|altname/i.test(detail);
      throw untrusted
        ? new RemoteError('The server could not prove that it is who it says (its certificate is not valid).', detail)
        : unreachable(detail, means.proxy());
    }
  };

  return {
    async open(url, { offset, length, etag, signal }) {
      if (isOffline()) throw offline();
      const controller = new AbortController();
      const give = () => controller.abort(signal?.reason);
      signal?.throwIfAborted();
      signal?.addEventListener('abort', give, { once: true });
      let timer: NodeJS.Timeout | undefined;
      const touch = () => {
        clearTimeout(timer);
        timer = setTimeout(() => controller.abort(cutOff('silence')), silence);
      };
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', give);
      };
      touch();
      try {
        const end = length === undefined ? '' : offset + length - 1;
        // With a range, `fetch` asks for bytes that are not packed.
        const headers: Record<string, string> = { Range: `bytes=${offset}-${end}` };
        if (etag) headers['If-Range'] = etag;
        const { response, sha256 } = await ask(url, headers, controller, signal);
        const cancel = () => {
          done();
          controller.abort();
        };
        try {
          if (response.status === 416) throw changed('status 416');
          if (response.status !== 200 && response.status !== 206) throw statusError(response.status, response.headers);
          if (/^text\/html\b/i.test(response.headers.get('content-type') ?? '')) throw webPage();
          const packed = response.headers.get('content-encoding') ?? 'identity';
          if (packed !== 'identity') throw new RemoteError('The server sends the file packed. Try again.', packed);
          const place = placeOf(response, { offset, length });
          const facts = { ...place, etag: strongTag(response.headers), sha256 };
          return { ...facts, body: watched(response, touch, done), cancel };
        } catch (error) {
          cancel();
          throw error;
        }
      } catch (error) {
        done();
        throw error;
      }
    },
  };
};
