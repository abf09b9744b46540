// Where each system keeps a reader's data.
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { appFolder, standardDataFolder } from '../../main/places.ts';

test.each([
  ['linux', {}, '/home/a/.local/share/longleaf'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/longleaf'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/a/.local/share/longleaf'],
  ['linux', { LONGLEAF_DATA: '/x/../y z' }, '/y z'],
  ['linux', { LONGLEAF_DATA: 'relative' }, posix.resolve('relative')],
  ['darwin', {}, '/home/a/Library/Application Support/Longleaf'],
  ['win32', { APPDATA: 'C:\\Users\\ä\\AppData\\Roaming' }, 'C:\\Users\\ä\\AppData\\Roaming\\Longleaf'],
  ['win32', { LONGLEAF_DATA: 'D:\\x' }, 'D:\\x'],
])('%s %j', (platform, env, folder) => {
  expect(standardDataFolder(env, platform, '/home/a')).toBe(folder);
});

test('the app finds its own folder', () => {
  expect(existsSync(join(appFolder(), 'electron-builder.yml'))).toBe(true);
});
