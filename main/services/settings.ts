// What the reader chose, one JSON value by key. A value that this version does not understand counts as not chosen.
import { type Settings, settingsSchema } from '../common/api.ts';
import type { Database } from './database/index.ts';
import { withDiskErrors } from './disk-error.ts';

export interface SettingsStore {
  read(): Settings;
  /** Returns all settings after the change. */
  change(change: Partial<Settings>): Settings;
}

/** `model` '' is the embedded one. */
export const defaultSettings: Settings = {
  theme: 'system',
  textSize: 'normal',
  model: '',
  modelFolder: '',
  kvType: 'auto',
  largestWindow: 32_768,
  snapshotBudget: 8_000_000_000,
  notify: true,
  temperature: 0,
  seed: 0,
  offline: false,
  proxy: '',
};

export const openSettings = (database: Database): SettingsStore => {
  const all = database.prepare<[], { key: string; value: string }>('SELECT key, value FROM settings');
  const put = database.prepare(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );

  const read = (): Settings => {
    const settings = { ...defaultSettings };
    for (const { key, value } of all.all()) {
      const chosen = settingsSchema.partial().safeParse({ [key]: JSON.parse(value) });
      if (chosen.success) Object.assign(settings, chosen.data);
    }
    return settings;
  };
  const write = database.transaction((change: Partial<Settings>) => {
    for (const [key, value] of Object.entries(change)) {
      if (value !== undefined) put.run(key, JSON.stringify(value));
    }
    return read();
  });

  return {
    read: () => withDiskErrors(read),
    change: (change) => withDiskErrors(() => write.immediate(change)),
  };
};
