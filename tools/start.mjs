// `npm start`: builds when need be, then opens Longleaf in Electron if its binary is there or can be fetched and runs, and otherwise
// in an installed Chromium, Chrome or Edge; without a display it prints the address. Kept in words that every Node understands, so that
// an old one gets a sentence and not a syntax error.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const electronFolder = join(root, 'node_modules', 'electron');
/** Fetching Electron may stand still this long, not longer. Milliseconds. */
const patience = Number(process.env.LONGLEAF_ELECTRON_PATIENCE) || 30_000;

/** Path of Electron's binary, undefined when it is not there. */
const electronBinary = () => {
  try {
    const name = readFileSync(join(electronFolder, 'path.txt'), 'utf8');
    const binary = join(process.env.ELECTRON_OVERRIDE_DIST_PATH || join(electronFolder, 'dist'), name);
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
};

/** Bytes in all files of a folder. */
const sizeOf = (folder) =>
  readdirSync(folder, { recursive: true }).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );

/** Given up when nothing arrives for `patience`; what a download that was cut off left behind is removed. */
const fetchElectron = () =>
  new Promise((done) => {
    if (!existsSync(join(electronFolder, 'install.js'))) return done();
    console.error('Fetching Electron (about 120 MB, once)…');
    const arriving = mkdtempSync(join(tmpdir(), 'longleaf-electron-'));
    const env = { ...process.env, TMPDIR: arriving, TEMP: arriving, TMP: arriving };
    const child = spawn(process.execPath, [join(electronFolder, 'install.js')], { cwd: root, stdio: 'ignore', env });
    let size = 0;
    let moved = Date.now();
    const timer = setInterval(() => {
      const now = sizeOf(arriving) + (existsSync(join(electronFolder, 'dist')) ? 1 : 0);
      if (now !== size) moved = Date.now();
      size = now;
      if (Date.now() - moved > patience) child.kill('SIGKILL');
    }, 500);
    const end = (code) => {
      clearInterval(timer);
      rmSync(arriving, { recursive: true, force: true });
      if (code !== 0) rmSync(join(electronFolder, 'dist'), { recursive: true, force: true });
      done();
    };
    child.on('error', () => end(1));
    child.on('exit', end);
  });

/** How soon a program that cannot run here at all breaks off. Milliseconds. */
const soon = 10_000;

/**
 * Runs a program as ourselves: its output is ours and Ctrl+C reaches it. Resolves to its exit code, or to `undefined` when it could
 * not run here: not to be started, a library missing (127), or struck down by itself at once.
 */
const run = (command, args) =>
  new Promise((done) => {
    const started = Date.now();
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
    let told = false;
    const tell = (signal) => {
      told = true;
      child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, tell);
    const end = (code) => {
      for (const signal of signals) process.off(signal, tell);
      done(code);
    };
    child.on('error', () => end(undefined));
    child.on('exit', (code) => {
      const brokeOff = !told && Date.now() - started < soon && (code === null || code === 127);
      end(brokeOff ? undefined : (code ?? 1));
    });
  });

/** A window of Electron needs a display and, on Linux, somebody who is not root: as root its sandbox does not work. */
const mayShowElectron = () =>
  process.platform !== 'linux' ||
  (Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY) && process.getuid() !== 0);

/** Returns its exit code; `undefined`, and one line says so, when it cannot be had or does not run here. */
const runElectron = async () => {
  if (!electronBinary()) await fetchElectron();
  const electron = electronBinary();
  const code = electron && (await run(electron, [root]));
  if (code === undefined) {
    const why = electron ? 'Electron does not run here' : "Electron's binary is not here and could not be fetched";
    console.error(`${why}; opening Longleaf in an installed browser instead.`);
  }
  return code;
};

const main = async () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 13)) {
    throw new Error(
      `Longleaf needs Node 22.13 or newer and this is ${process.version}; \`npm start\` after \`npm ci\` brings its own on Linux.`,
    );
  }
  const { ensureBuilt } = await import('./build.mjs');
  await ensureBuilt();
  const code = mayShowElectron() ? await runElectron() : undefined;
  process.exit(code ?? (await run(process.execPath, [join(root, 'dist', 'main', 'chromium.js')])) ?? 1);
};

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
