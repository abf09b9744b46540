// When dist/ is built, and when not: tools/build.mjs in a folder of its own, with a stand-in for Vite that counts its runs.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { repositoryFile } from './command.ts';

const standIn = `
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
appendFileSync('runs', 'x');
await new Promise((done) => setTimeout(done, 300));
for (const file of ['dist/main/terminal.js', 'dist/main/chromium.js', 'dist/main/electron.js', 'dist/renderer/index.html']) {
  mkdirSync(file.slice(0, file.lastIndexOf('/')), { recursive: true });
  writeFileSync(file, '');
}
if (existsSync('broken')) { console.error('no such import'); process.exit(1); }
`;

let folder = '';
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const build = () => {
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'tools/build.mjs')], { encoding: 'utf8' });
  return { status, stderr };
};
const runs = () => (existsSync(join(folder, 'runs')) ? readFileSync(join(folder, 'runs'), 'utf8').length : 0);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longleaf-build-'));
  for (const source of ['gpu/a.ts', 'reading/b.ts', 'main/c.ts', 'renderer/d.ts']) write(source, source);
  for (const file of ['package-lock.json', 'vite.config.ts']) write(file, '');
  write('node_modules/vite/bin/vite.js', standIn);
  write('package.json', '{ "type": "module" }');
  write('node_modules/vite/package.json', '{ "type": "module" }');
  mkdirSync(join(folder, 'tools'));
  copyFileSync(repositoryFile('tools/build.mjs'), join(folder, 'tools/build.mjs'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('builds what is missing with one line, and nothing twice', () => {
  expect(build()).toEqual({ status: 0, stderr: expect.stringMatching(/^Building Longleaf.*\n$/) });
  expect(build()).toEqual({ status: 0, stderr: '' });
  expect(runs()).toBe(1);
});

test('a changed, a new and a removed source each lead to a build', () => {
  build();
  write('gpu/a.ts', 'changed');
  build();
  write('renderer/views/new.tsx', '');
  build();
  rmSync(join(folder, 'reading/b.ts'));
  build();
  build();
  expect(runs()).toBe(4);
});

test('a broken build says why and is not taken for a fresh one', () => {
  build();
  write('gpu/a.ts', 'changed');
  write('broken', '');
  expect(build()).toEqual({ status: 1, stderr: expect.stringContaining('no such import') });
  expect(build().status).toBe(1);
  rmSync(join(folder, 'broken'));
  expect(build().status).toBe(0);
  expect(runs()).toBe(4);
});

test('two at once build once, also where a process that is gone left its lock', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  write('node_modules/.longleaf-build/pid', String(pid));
  const codes = await Promise.all(
    [1, 2].map(
      () =>
        new Promise((done) =>
          spawn(process.execPath, [join(folder, 'tools/build.mjs')], { stdio: 'ignore' }).on('exit', done),
        ),
    ),
  );
  expect(codes).toEqual([0, 0]);
  expect(runs()).toBe(1);
  expect(existsSync(join(folder, 'node_modules/.longleaf-build'))).toBe(false);
});
