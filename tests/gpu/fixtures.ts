// Files of the folder `shared` that may lie beside the repository; it is not part of a clone, and tests skip without it.
import { existsSync, readFileSync } from 'node:fs';

const folder = new URL('../../../shared/fixtures/', import.meta.url);

export function fixture(path: string): Uint8Array<ArrayBuffer> | undefined {
  const file = new URL(path, folder);
  return existsSync(file) ? Uint8Array.from(readFileSync(file)) : undefined;
}

export function fixtureJson<T>(path: string): T | undefined {
  const bytes = fixture(path);
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as T);
}
