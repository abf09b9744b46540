// Builds dist/ when it is missing or older than what it is made from. dist/ is fresh when it carries the fingerprint of the
// sources it was built from: the fingerprint is removed before a build and written after one that worked, so that a broken
// build never passes for a fresh one, and is taken before the build, so that an edit during a build is not lost.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['package-lock.json', 'vite.config.ts', 'gpu', 'reading', 'main', 'renderer'];
const products = [
  'dist/main/terminal.js',
  'dist/main/chromium.js',
  'dist/main/electron.js',
  'dist/renderer/index.html',
];
const stamp = join(root, 'dist/.built-from');
const lock = join(root, 'node_modules/.longleaf-build');

/** Path, size and time of change of every source, as one hash: a file that was removed or put back older counts too. */
async function fingerprint() {
  const lines = [];
  const add = async (path) => {
    const facts = await stat(path);
    if (facts.isDirectory()) for (const name of (await readdir(path)).sort()) await add(join(path, name));
    else lines.push(`${relative(root, path)} ${facts.size} ${facts.mtimeMs}`);
  };
  for (const source of sources) await add(join(root, source));
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

const isFresh = async (wanted) =>
  products.every((file) => existsSync(join(root, file))) &&
  (await readFile(stamp, 'utf8').catch(() => '')).trim() === wanted;

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

const isLeftBehind = async () => {
  const owner = Number(await readFile(join(lock, 'pid'), 'utf8').catch(() => '0'));
  return owner > 0 && !isAlive(owner);
};

/** Removes a lock whose owner is gone. One process at a time looks and removes, or the second would remove the first one's new lock. */
async function takeAway() {
  const guard = `${lock}.guard`;
  try {
    await mkdir(guard);
  } catch {
    await sleep(50);
    // Left by a process that ended between two lines: nobody holds it for so long.
    const since = await stat(guard).catch(() => undefined);
    if (since && Date.now() - since.mtimeMs > 10_000) await rm(guard, { recursive: true, force: true });
    return;
  }
  if (await isLeftBehind()) await rm(lock, { recursive: true, force: true });
  await rm(guard, { recursive: true, force: true });
}

/** Runs `task` while no other process of this clone builds; a lock left by a process that is gone is taken over. */
async function alone(task) {
  // The lock is a folder that appears together with its owner's number in it.
  const mine = `${lock}.${process.pid}`;
  await mkdir(mine, { recursive: true });
  await writeFile(join(mine, 'pid'), String(process.pid));
  while (!(await moved(mine, lock))) {
    if (await isLeftBehind()) await takeAway();
    else await sleep(200);
  }
  try {
    return await task();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/** False when there is something at `to`. */
const moved = (from, to) =>
  rename(from, to).then(
    () => true,
    (error) => {
      if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(error.code) && existsSync(from)) return false;
      throw error;
    },
  );

const vite = () =>
  new Promise((done) => {
    const output = [];
    const child = spawn(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--app'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // vitest sets these for its own process; a build for use must not take them over.
      env: { ...process.env, NODE_ENV: 'production', VITEST: undefined },
    });
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => done({ code: 1, output: String(error) }));
    child.on('exit', (code) => done({ code: code ?? 1, output: Buffer.concat(output).toString() }));
  });

/** Resolves once dist/ is what the sources say; rejects with the build's own output when it fails. Does nothing outside a clone. */
export async function ensureBuilt(say = (line) => process.stderr.write(`${line}\n`)) {
  if (!sources.every((source) => existsSync(join(root, source)))) return;
  if (await isFresh(await fingerprint())) return;
  await alone(async () => {
    const wanted = await fingerprint();
    if (await isFresh(wanted)) return;
    say('Building Longleaf (some seconds, once after each change of its sources)…');
    await rm(stamp, { force: true });
    const { code, output } = await vite();
    if (code !== 0) throw new Error(`The build failed.\n${output}`);
    await writeFile(stamp, `${wanted}\n`);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureBuilt();
