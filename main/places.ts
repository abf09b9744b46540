// Where things lie: the app's own files beside its code, and the reader's data in the place that the system has for it.
import { existsSync } from 'node:fs';
import { dirname, join, posix, win32 } from 'node:path';

/** Folder of the app's package.json, from the sources as well as from the built files. */
export const appFolder = (from: string = import.meta.dirname): string => {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) throw new Error('package.json of Longleaf is missing');
  }
};

/**
 * Standard data folder of a system, unless LONGLEAF_DATA names another; always an absolute path: ~/.local/share/longleaf (XDG base directories),
 * ~/Library/Application Support/Longleaf, %APPDATA%\Longleaf.
 */
export const standardDataFolder = (
  env: Record<string, string | undefined>,
  platform: string,
  homeFolder: string,
): string => {
  const path = platform === 'win32' ? win32 : posix;
  if (env.LONGLEAF_DATA) return path.resolve(env.LONGLEAF_DATA);
  if (platform === 'win32') return path.join(env.APPDATA || path.join(homeFolder, 'AppData', 'Roaming'), 'Longleaf');
  if (platform === 'darwin') return path.join(homeFolder, 'Library', 'Application Support', 'Longleaf');
  const named = env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : undefined;
  return path.join(named ?? path.join(homeFolder, '.local', 'share'), 'longleaf');
};
