// A folder for one test file, gone after it. Its name has what names of readers have: a space and a letter beyond ASCII.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export const temporaryFolder = (): ((name: string) => string) => {
  const root = mkdtempSync(join(tmpdir(), 'longleaf prüfung '));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return (name) => join(root, name);
};
