// `npm start`: builds when need be, then opens Longleaf in Electron if its binary is there or can be fetched, and otherwise in an
// installed Chromium, Chrome or Edge; without a display it prints the address. Kept in words that every Node understands, so that
// an old one gets a sentence and not a syntax error.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const electronFolder = join(root, 'node_modules', 'electron');
/** Fetching Electron may take this long, not longer. Milliseconds. */
const patience = Number(process.env.LONGLEAF_ELECTRON_PATIENCE) || 60_000;

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

/** Ends after `patience` at the latest; what a download that was cut off left behind is removed. */
const fetchElectron = () =>
  new Promise((done) => {
    if (!existsSync(join(electronFolder, 'install.js'))) return done();
    console.error('Fetching Electron (about 120 MB, once)…');
    const child = spawn(process.execPath, [join(electronFolder, 'install.js')], { cwd: root, stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    const end = (code) => {
      clearTimeout(timer);
      if (code !== 0) rmSync(join(electronFolder, 'dist'), { recursive: true, force: true });
      done();
    };
    child.on('error', () => end(1));
    child.on('exit', end);
  });

/** Becomes the program: its output is ours, Ctrl+C reaches it, and its end is our end. */
const become = (command, args) => {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`Longleaf could not start: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code) => process.exit(code === null ? 1 : code));
};

const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

const main = async () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 13)) {
    throw new Error(
      `Longleaf needs Node 22.13 or newer and this is ${process.version}; \`npm start\` after \`npm ci\` brings its own on Linux.`,
    );
  }
  const { ensureBuilt } = await import('./build.mjs');
  await ensureBuilt();
  const chromium = join(root, 'dist', 'main', 'chromium.js');
  if (!hasDisplay) return become(process.execPath, [chromium]);
  if (!electronBinary()) await fetchElectron();
  const electron = electronBinary();
  if (electron) return become(electron, [root]);
  console.error(
    "Electron's binary is not here and could not be fetched; opening Longleaf in an installed browser instead.",
  );
  become(process.execPath, [chromium]);
};

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
