// The built entry as a process of its own: it says its address, ends on Ctrl+C with everything on the disk, opens the browser that it
// is told to and ends with it, and gives one sentence when it cannot start.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { appFolder } from '../../../../main/places.ts';
import { openDatabase } from '../../../../main/services/database/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
const entry = join(appFolder(), 'dist', 'main', 'chromium.js');

const start = (dataFolder: string, args: string[], env: Record<string, string> = {}) => {
  const child: ChildProcess = spawn(process.execPath, [entry, ...args], {
    env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', LONGLEAF_DATA: dataFolder, ...env },
  });
  const heard = { text: '' };
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      heard.text += text;
    });
  }
  const ended = new Promise<number | null>((done) => child.on('close', done));
  return { child, heard, ended };
};
const address = /http:\/\/127\.0\.0\.1:\d+\/\?token=[A-Za-z0-9_-]{43}/;
const soon = { timeout: 20_000, interval: 50 };

test('without a window it prints an address that works once, and Ctrl+C ends it cleanly', async () => {
  const { child, heard, ended } = start(folder('a'), ['--no-window']);
  await expect.poll(() => heard.text, soon).toMatch(address);
  const [url] = address.exec(heard.text)!;
  const entered = await fetch(url, { redirect: 'manual' });
  expect(entered.status).toBe(303);
  const cookie = entered.headers.get('set-cookie')!.split(';')[0];
  const page = await fetch(new URL('/', url), { headers: { cookie } });
  expect([page.status, (await page.text()).includes('<title>Longleaf</title>')]).toEqual([200, true]);
  // Windows has no Ctrl+C for a child: there the process is ended hard, and SQLite cleans up at the next start.
  child.kill('SIGINT');
  expect(await ended).toBe(process.platform === 'win32' ? null : 0);
  if (process.platform !== 'win32') expect(readdirSync(folder('a')).sort()).toEqual(['documents', 'longleaf.db']);
});

test.runIf(process.platform === 'linux')('without a display it says so and prints the address', async () => {
  const { child, heard, ended } = start(folder('b'), []);
  await expect.poll(() => heard.text, soon).toMatch(address);
  expect(heard.text).toContain('There is no display here.');
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

describe.runIf(process.platform === 'linux' && process.getuid?.() !== 0)('with a display', () => {
  const fakeBrowser = (name: string, script: string): string => {
    const path = folder(name);
    writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder(`${name}.args`)}'\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  };

  test('it opens a window of its own profile, and ends when that is closed', async () => {
    const browser = fakeBrowser('browser', 'sleep 0.3');
    const { heard, ended } = start(folder('c'), [], { DISPLAY: ':99', LONGLEAF_BROWSER: browser });
    expect(await ended).toBe(0);
    const args = readFileSync(folder('browser.args'), 'utf8').split('\n');
    expect(args[0]).toMatch(new RegExp(`^--app=${address.source}$`));
    expect(args[1]).toBe(`--user-data-dir=${folder('c/browser-1')}`);
    expect(heard.text).toBe('');
    expect(existsSync(folder('c/browser-1/longleaf.pid'))).toBe(false);
  });

  test('it closes the window on Ctrl+C', async () => {
    const browser = fakeBrowser(
      'patient',
      `trap 'touch "${folder('closed')}"; exit' TERM\nwhile :; do sleep 0.05; done`,
    );
    const { child, ended } = start(folder('d'), [], { DISPLAY: ':99', LONGLEAF_BROWSER: browser });
    await expect.poll(() => existsSync(folder('patient.args')), soon).toBe(true);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    await expect.poll(() => existsSync(folder('closed')), soon).toBe(true);
  });
});

test('a history of a newer version: one sentence and exit 1', async () => {
  mkdirSync(folder('e'));
  const { database } = openDatabase(folder('e'));
  database.pragma('user_version = 99');
  database.close();
  const { heard, ended } = start(folder('e'), ['--no-window']);
  expect(await ended).toBe(1);
  expect(heard.text).toBe(
    'This history was made by a newer version of Longleaf; nothing was changed. Update the app.\n',
  );
});
