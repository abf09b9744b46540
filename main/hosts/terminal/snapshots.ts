// What was read into a model, as files in the data folder that the window uses too.
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { SnapshotStore } from '../../../reading/index.ts';
import { standardDataFolder } from '../../places.ts';
import { openDatabase } from '../../services/database/index.ts';
import { defaultSettings, openSettings } from '../../services/settings.ts';
import { openSnapshots } from '../../services/snapshots.ts';
import { openModelFile } from './model-file.ts';

/** `LONGLEAF_DATA`, or the place where the window keeps its data. */
export const dataFolder = (): string => standardDataFolder(process.env, process.platform, homedir());

/** As the reader set it in the window. A history that cannot be opened is no reason not to read. */
export const budgetIn = (folder: string): number => {
  try {
    const { database } = openDatabase(folder);
    const { snapshotBudget } = openSettings(database).read();
    database.close();
    return snapshotBudget;
  } catch {
    return defaultSettings.snapshotBudget;
  }
};

export const fileSnapshots = (folder: string): SnapshotStore => {
  const snapshots = openSnapshots(join(folder, 'snapshots'), () => budgetIn(folder));
  return {
    open: async (name) => {
      await snapshots.use(name);
      const path = await snapshots.path(name);
      return path === undefined ? undefined : openModelFile(path);
    },
    save: (name, bytes, size) => snapshots.store(name, bytes, size),
  };
};
