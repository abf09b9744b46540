// Checkpoints of a long reading as files: written beside the old one, forced to disk and renamed over it, so that a kill at any
// moment leaves the old one or the new one whole.
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Checkpoints } from '../../../reading/index.ts';
import { standardDataFolder } from '../../places.ts';

/** Larger ones were not written by us. Bytes. */
const LARGEST = 64 * 1024 * 1024;

export const checkpointFolder = (): string =>
  join(standardDataFolder(process.env, process.platform, homedir()), 'checkpoints');

export interface FileCheckpoints extends Checkpoints {
  /** Takes away what is no longer needed. */
  forget(key: string): Promise<void>;
}

/** A checkpoint that cannot be read counts as none; one that cannot be written is said once, and the reading goes on without. */
export function fileCheckpoints(folder: string, say: (line: string) => void): FileCheckpoints {
  let failed = false;
  const pathOf = (key: string) => {
    if (!/^[0-9a-z-]{1,200}$/.test(key)) throw new RangeError('A checkpoint has an unusable name');
    return join(folder, `${key}.json`);
  };
  return {
    async load(key) {
      try {
        const text = await readFile(pathOf(key), 'utf8');
        return text.length > LARGEST ? undefined : JSON.parse(text);
      } catch {
        return undefined;
      }
    },
    async save(key, value) {
      if (failed) return;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeWhole(pathOf(key), JSON.stringify(value));
      } catch {
        failed = true;
        say('What is read cannot be kept on disk, so it would start again after a stop.');
      }
    },
    forget: (key) => rm(pathOf(key), { force: true }).catch(() => undefined),
  };
}

async function writeWhole(path: string, text: string): Promise<void> {
  const next = `${path}.${process.pid}.new`;
  const file = await open(next, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
}
