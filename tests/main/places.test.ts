// Where each system keeps a reader's data.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appFolder, standardDataFolder } from '../../main/places.ts';

test.each([
  ['linux', {}, join('/home/a', '.local', 'share', 'longleaf')],
  ['linux', { XDG_DATA_HOME: '/data' }, join('/data', 'longleaf')],
  ['linux', { XDG_DATA_HOME: 'relative' }, join('/home/a', '.local', 'share', 'longleaf')],
  ['darwin', {}, join('/home/a', 'Library', 'Application Support', 'Longleaf')],
  ['win32', { APPDATA: 'C:\\Users\\a\\AppData\\Roaming' }, join('C:\\Users\\a\\AppData\\Roaming', 'Longleaf')],
  ['win32', { LONGLEAF_DATA: 'D:\\x' }, 'D:\\x'],
])('%s %j', (platform, env, folder) => {
  expect(standardDataFolder(env, platform, '/home/a')).toBe(folder);
});

test('the app finds its own folder', () => {
  expect(existsSync(join(appFolder(), 'electron-builder.yml'))).toBe(true);
});
