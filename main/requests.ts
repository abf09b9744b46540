// What a window may fetch: its own files, documents and models by id, and the sample. Every host answers with this one function;
// who may ask at all is the host's business.
import { join } from 'node:path';
import { MainError, type MainErrorKind } from './common/api.ts';
import { fileResponse } from './file-response.ts';
import { securityHeaders } from './security-headers.ts';
import { type CheckpointStore, largestCheckpoint } from './services/checkpoints.ts';
import { type Documents, largestDocument } from './services/documents.ts';
import { findSystemFonts, type SystemFont } from './services/fonts.ts';
import { isModelFile, type Models } from './services/models.ts';
import type { Snapshots } from './services/snapshots.ts';
import { wholeBody } from './services/stored-file.ts';
import { isPlainPath, openWindowFiles } from './window-files.ts';

export interface RequestSources {
  rendererFolder: string;
  assetsFolder: string;
  documents: Documents;
  models: Models;
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
  models: async (request, id, headers) => {
    if (request.method === 'PUT') {
      if (!isModelFile(id)) return plainText(405, 'Refused.', { ...headers, Allow: 'GET, HEAD' });
      const row = await sources.models.store(id, bodyOf(request));
      return Response.json({ id: row.id }, { status: 201, headers: { ...headers, ...private_ } });
    }
    const path = await sources.models.path(id);
    if (path === undefined) return plainText(404, 'Not found.', headers);
    return fileResponse(request, path, { ...headers, ...private_, 'Content-Type': 'application/octet-stream' });
  },
  snapshots: snapshotRoute(sources.snapshots),
  recognised: snapshotRoute(sources.recognised),
  checkpoints: checkpointRoute(sources),
  fonts: fontRoute(),
});

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
