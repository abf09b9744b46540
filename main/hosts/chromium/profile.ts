// The browser profile of a window. A browser that is started twice with one profile hands its window to the first and ends, so each
// running Longleaf takes a profile of its own: `browser-1`, `browser-2` … with the number of its process in a file.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../../running.ts';

export interface Profile {
  folder: string;
  /** Lets the next start have it. */
  release(): void;
}

/** True when this process now owns the file, false when a living one does. */
const claim = (file: string): boolean => {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    let owner = Number.NaN;
    try {
      owner = Number.parseInt(readFileSync(file, 'utf8'), 10);
    } catch {
      // Released in between.
    }
    if (isRunning(owner)) return false;
    rmSync(file, { force: true });
    return claim(file);
  }
};

/** The first profile under `base` that no running Longleaf has. */
export const claimProfile = (base: string): Profile => {
  for (let number = 1; ; number++) {
    const folder = `${base}-${number}`;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, 'longleaf.pid');
    if (claim(file)) return { folder, release: () => rmSync(file, { force: true }) };
  }
};
