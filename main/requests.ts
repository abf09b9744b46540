// What a window may fetch: its own files, documents and models by id, and the sample. Every host answers with this one function;
// who may ask at all is the host's business.
import { join } from 'node:path';
import { MainError, type MainErrorKind } from './common/api.ts';
import { isModelFile } from './common/model-names.ts';
import { fileResponse, parseRange } from './file-response.ts';
import { securityHeaders } from './security-headers.ts';
import { type CheckpointStore, largestCheckpoint } from './services/checkpoints.ts';
import { type Documents, largestDocument } from './services/documents.ts';
import type { Downloads } from './services/downloads/index.ts';
import { findSystemFonts, type SystemFont } from './services/fonts.ts';
import type { Models } from './services/models.ts';
import type { Snapshots } from './services/snapshots.ts';
import { wholeBody } from './services/stored-file.ts';
import { isPlainPath, openWindowFiles } from './window-files.ts';

export interface RequestSources {
  rendererFolder: string;
  assetsFolder: string;
  documents: Documents;
  models: Models;
  downloads: Downloads;
  snapshots: Snapshots;
  /** Text of scanned pages. */
  recognised: Snapshots;
  checkpoints: CheckpointStore;
  /** Hears of errors whose details the window does not. */
  report(error: unknown, request: string): void;
}

const statusByKind: Partial<Record<MainErrorKind, number>> = {
  refused: 400,
  'not-found': 404,
  'wrong-hash': 422,
  'too-large': 413,
  'disk-full': 507,
  remote: 502,
};

/** Documents and models never change under their URL, but they are the reader's own: nothing is left in a browser's cache. */
const private_ = { 'Cache-Control': 'no-store' };
const revalidated = { 'Cache-Control': 'no-cache' };

/** Of the files that came with the app, those that have an address. Browsers ask for the icon by themselves. */
const assets: Record<string, { file: string; contentType: string }> = {
  '/sample.pdf': { file: 'sample.pdf', contentType: 'application/pdf' },
  '/favicon.ico': { file: 'icon.png', contentType: 'image/png' },
};

type Route = (request: Request, id: string, headers: Record<string, string>) => Promise<Response>;

const plainText = (status: number, message: string, headers: Record<string, string>): Response =>
  new Response(message, { status, headers: { ...headers, ...private_, 'Content-Type': 'text/plain; charset=utf-8' } });

const noBytes = async function* (): AsyncGenerator<Uint8Array> {};

const bodyOf = (request: Request): AsyncIterable<Uint8Array> =>
  (request.body as AsyncIterable<Uint8Array> | null) ?? noBytes();

const storeDocument = async (documents: Documents, request: Request, id: string): Promise<void> => {
  if (Number(request.headers.get('content-length') ?? 0) > largestDocument) {
    throw new MainError('too-large', 'This PDF is larger than 2 GB; nothing was stored.');
  }
  await documents.store(id, bodyOf(request));
};

const routes = (sources: RequestSources): Record<string, Route> => ({
  documents: async (request, id, headers) => {
    if (!/^[0-9a-f]{64}$/.test(id)) return plainText(404, 'Not found.', headers);
    if (request.method === 'PUT') {
      await storeDocument(sources.documents, request, id);
      return new Response(null, { status: 204, headers });
    }
    const path = sources.documents.path(id);
    return fileResponse(request, path, { ...headers, ...private_, 'Content-Type': 'application/pdf' });
  },
  models: modelRoute(sources),
  downloads: downloadRoute(sources),
  snapshots: snapshotRoute(sources.snapshots),
  recognised: snapshotRoute(sources.recognised),
  checkpoints: checkpointRoute(sources),
  fonts: fontRoute(),
});

/** `<id>` or, of a model in several files, `<id>.<n>`. */
const numbered = (name: string): { id: string; part: number } => {
  const [, id, part] = /^([a-z0-9-]+)\.(\d{1,4})$/.exec(name) ?? [];
  return id === undefined ? { id: name, part: 1 } : { id, part: Number(part) };
};

const modelRoute =
  ({ models }: RequestSources): Route =>
  async (request, name, headers) => {
    if (request.method === 'PUT') {
      if (!isModelFile(name)) return plainText(405, 'Refused.', { ...headers, Allow: 'GET, HEAD' });
      const sizes = sizesOf(new URL(request.url).searchParams.get('parts'));
      const row = await models.store(name, bodyOf(request), sizes);
      return Response.json({ id: row.id }, { status: 201, headers: { ...headers, ...private_ } });
    }
    const { id, part } = numbered(name);
    const path = await models.path(id, part);
    if (path === undefined) return plainText(404, 'Not found.', headers);
    return fileResponse(request, path, { ...headers, ...private_, 'Content-Type': 'application/octet-stream' });
  };

const sizesOf = (text: string | null): number[] => {
  if (text === null) return [];
  if (!/^\d{1,15}(?:,\d{1,15}){1,999}$/.test(text)) throw new MainError('refused', 'These are no sizes of files.');
  return text.split(',').map(Number);
};

/** The header of a model that was asked for and not fetched yet, by ranges, from its server. */
const downloadRoute =
  ({ downloads }: RequestSources): Route =>
  async (request, name, headers) => {
    const { id, part } = numbered(name);
    const row = (await downloads.list()).find((one) => one.id === id);
    const size = row?.parts[part - 1];
    const range = size === undefined ? undefined : parseRange(request.headers.get('range'), size);
    if (request.method !== 'GET') return plainText(405, 'Refused.', { ...headers, Allow: 'GET' });
    if (size === undefined) return plainText(404, 'Not found.', headers);
    if (range === undefined || range === 'unsatisfiable')
      return plainText(416, 'Name one range.', { ...headers, 'Content-Range': `bytes */${size}` });
    const length = range.end - range.start + 1;
    const bytes = await downloads.read(id, part - 1, range.start, length);
    const place = { 'Content-Range': `bytes ${range.start}-${range.end}/${size}`, 'Content-Length': String(length) };
    return new Response(bytes, {
      status: 206,
      headers: { ...headers, ...private_, ...place, 'Content-Type': 'application/octet-stream' },
    });
  };

/** What was read into a model, or recognised on a page, for the worker that reads. */
const snapshotRoute =
  (snapshots: Snapshots): Route =>
  async (request, name, headers) => {
    if (request.method === 'PUT') {
      const size = Number(request.headers.get('content-length') ?? 0);
      await snapshots.store(name, bodyOf(request), Number.isSafeInteger(size) ? size : 0);
      return new Response(null, { status: 204, headers });
    }
    // Asked for before it is read.
    if (request.method === 'HEAD') await snapshots.use(name);
    const path = await snapshots.path(name);
    if (path === undefined) return plainText(404, 'Not found.', headers);
    return fileResponse(request, path, { ...headers, ...private_, 'Content-Type': 'application/octet-stream' });
  };

/** What a long reading has done so far. An empty body forgets it. */
const checkpointRoute =
  ({ checkpoints }: RequestSources): Route =>
  async (request, name, headers) => {
    if (request.method === 'PUT') {
      const value = await textOf(request, largestCheckpoint);
      if (value === '') checkpoints.forget(name);
      else checkpoints.save(name, value);
      return new Response(null, { status: 204, headers });
    }
    const value = checkpoints.load(name);
    if (value === undefined) return plainText(404, 'Not found.', headers);
    return new Response(value, { headers: { ...headers, ...private_, 'Content-Type': 'application/json' } });
  };

/** The n-th font of this machine that writes more than the app's own, for an export as PDF. */
const fontRoute = (): Route => {
  let fonts: Promise<SystemFont[]> | undefined;
  return async (request, name, headers) => {
    fonts ??= findSystemFonts();
    const font = /^\d{1,4}$/.test(name) ? (await fonts)[Number(name)] : undefined;
    if (request.method === 'PUT') return plainText(405, 'Refused.', { ...headers, Allow: 'GET, HEAD' });
    if (!font) return plainText(404, 'Not found.', headers);
    const family: Record<string, string> = font.family === undefined ? {} : { 'X-Font-Family': font.family };
    return fileResponse(request, font.path, { ...headers, ...private_, ...family, 'Content-Type': 'font/otf' });
  };
};

const textOf = async (request: Request, most: number): Promise<string> => {
  const tooLarge = () => new MainError('too-large', 'This is more than can be kept of a reading.');
  const pieces: Uint8Array[] = [];
  for await (const piece of wholeBody(bodyOf(request), most, tooLarge)) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
};

/** Answers requests whose URL is already known to be of the app's own origin. Never rejects. */
export const openRequests = (sources: RequestSources): ((request: Request) => Promise<Response>) => {
  const findWindowFile = openWindowFiles(sources.rendererFolder);
  const byFolder = routes(sources);

  const route = async (request: Request, url: URL, headers: Record<string, string>): Promise<Response> => {
    const path = url.pathname;
    if (!isPlainPath(path)) return plainText(403, 'Refused.', headers);
    const [, folder, id, ...rest] = path.split('/');
    const stored =
      id !== undefined && rest.length === 0 && Object.hasOwn(byFolder, folder) ? byFolder[folder] : undefined;
    const methods = stored ? ['GET', 'HEAD', 'PUT'] : ['GET', 'HEAD'];
    if (!methods.includes(request.method)) {
      return plainText(405, 'Refused.', { ...headers, Allow: methods.join(', ') });
    }
    if (stored) return stored(request, id, headers);
    const asset = Object.hasOwn(assets, path) ? assets[path] : undefined;
    if (asset) {
      const file = join(sources.assetsFolder, asset.file);
      return fileResponse(request, file, { ...headers, ...revalidated, 'Content-Type': asset.contentType });
    }
    const file = await findWindowFile(path);
    if (!file) return plainText(404, 'Not found.', headers);
    return fileResponse(request, file.path, { ...headers, ...revalidated, 'Content-Type': file.contentType });
  };

  return async (request) => {
    const url = new URL(request.url);
    const headers = securityHeaders(url);
    try {
      return await route(request, url, headers);
    } catch (error) {
      const known = error instanceof MainError;
      if (!known || error.detail !== '') sources.report(error, `${request.method} ${url.pathname.split('/')[1]}`);
      if (known) return plainText(statusByKind[error.kind] ?? 500, error.message, headers);
      return plainText(500, 'Something went wrong in Longleaf; your documents and history are kept.', headers);
    }
  };
};
