// The files of the built window. They are listed when a page is loaded, and a request is answered only if its path is in the
// list, letter by letter: no path of a request ever reaches the file system.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface WindowFile {
  path: string;
  contentType: string;
}

const contentTypes: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  webmanifest: 'application/manifest+json',
  wasm: 'application/wasm',
  wgsl: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  woff: 'font/woff',
  ttf: 'font/ttf',
  pfb: 'application/octet-stream',
  bcmap: 'application/octet-stream',
  // Packed data that the window unpacks itself: said to be nothing else, or the browser would.
  gz: 'application/octet-stream',
  icc: 'application/octet-stream',
  pdf: 'application/pdf',
};

/** Devices of Windows: a file of such a name is never one. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * Whether a path could be one of ours: plain segments of letters, digits, `.`, `_`, `-`, separated by single slashes. What
 * climbs, hides, escapes, names a drive, a share, a stream or a device, or is endless, is not.
 */
export const isPlainPath = (path: string): boolean =>
  path === '/' ||
  (path.length <= 300 &&
    path.startsWith('/') &&
    path
      .slice(1)
      .split('/')
      .every((part) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part) && !part.endsWith('.') && !deviceName.test(part)));

/** By path of the URL. Links, hidden files, source maps and files of unknown type are not served. */
const listFiles = async (folder: string, under = '/'): Promise<Map<string, WindowFile>> => {
  const files = new Map<string, WindowFile>();
  for (const entry of await readdir(join(folder, under), { withFileTypes: true })) {
    const url = under + entry.name;
    if (!isPlainPath(url)) continue;
    if (entry.isDirectory()) {
      for (const [inner, file] of await listFiles(folder, `${url}/`)) files.set(inner, file);
    } else if (entry.isFile()) {
      const contentType = contentTypes[entry.name.slice(entry.name.lastIndexOf('.') + 1).toLowerCase()];
      if (contentType) files.set(url, { path: join(folder, url), contentType });
    }
  }
  return files;
};

export type FindWindowFile = (path: string) => Promise<WindowFile | undefined>;

/** `folder` may be built anew while the app runs: a page load lists it again. */
export const openWindowFiles = (folder: string): FindWindowFile => {
  let files: Promise<Map<string, WindowFile>> | undefined;
  return async (path) => {
    if (path === '/' || !files) {
      files = listFiles(folder);
      files.catch(() => {
        files = undefined;
      });
    }
    const name = path === '/' ? '/index.html' : path;
    return files.then(
      (found) => found.get(name),
      () => undefined,
    );
  };
};
