// What an installer will hold, looked at without one: the app is packed with a stand-in for Electron's own files, because those come
// from a download. The archive holds the built app and one prebuilt SQLite, nothing of the clone, and a database opens from it.
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { extractAll, listPackage } from '@electron/asar';
import { beforeAll, describe, expect, test } from 'vitest';
import { appId } from '../../main/hosts/electron/policy.ts';
import { temporaryFolder } from '../main/temporary-folder.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = temporaryFolder();
const run = promisify(execFile);
const requireHere = createRequire(join(root, 'node_modules', 'app-builder-lib', 'package.json'));

type BuilderConfig = Record<string, unknown>;

const readConfig = (): BuilderConfig =>
  requireHere('js-yaml').load(readFileSync(join(root, 'electron-builder.yml'), 'utf8'));

/** Names that electron-builder looks for in an unpacked Electron. */
const standIns = ['electron', 'electron.exe', 'chrome-sandbox', 'chrome_crashpad_handler', 'LICENSE', 'version'];
const nativeArch = process.arch === 'arm64' ? 'arm64' : 'x64';

/** Packs for Linux and Windows in one go. */
const pack = async (output: string) => {
  const electron = folder('electron');
  mkdirSync(join(electron, 'resources'), { recursive: true });
  for (const name of standIns) writeFileSync(join(electron, name), '');
  const config = {
    ...readConfig(),
    electronDist: electron,
    directories: { output, buildResources: join(root, 'assets') },
    // All three are written into the real binary, which the stand-in is not.
    electronFuses: undefined,
    disableAsarIntegrity: true,
    win: { ...(readConfig().win as object), signAndEditExecutable: false },
  };
  writeFileSync(folder('builder.json'), JSON.stringify(config));
  const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');
  const targets = ['--linux', 'dir', '--win', 'dir', `--${nativeArch}`];
  await run(process.execPath, [builder, ...targets, '--config', folder('builder.json')], { cwd: root });
};

/** The paths in the archive of a system and its `resources` folder. */
const packedFor = (system: 'linux' | 'win') => {
  const unpacked = readdirSync(folder('packed')).find((name) => name.startsWith(system))!;
  const resources = join(folder('packed'), unpacked, 'resources');
  const listed = listPackage(join(resources, 'app.asar'), { isPack: false });
  return { resources, paths: listed.map((path) => path.replaceAll('\\', '/').slice(1)) };
};

beforeAll(() => pack(folder('packed')));

const prebuilds = (paths: string[]) =>
  paths.filter((path) => path.endsWith('.node')).map((path) => path.split('/').at(-1));

describe('packed for Linux', () => {
  let packed: ReturnType<typeof packedFor>;
  beforeAll(() => {
    packed = packedFor('linux');
  });

  test('the archive holds what was built', () => {
    const built = ['dist/main/electron.js', 'dist/preload/preload.cjs', 'dist/renderer/index.html', 'package.json'];
    expect(built.filter((path) => !packed.paths.includes(path))).toEqual([]);
    expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).main).toBe(built[0]);
  });

  test('and nothing else of the clone', () => {
    const top = new Set(packed.paths.map((path) => path.split('/')[0]));
    expect([...top].sort()).toEqual(['dist', 'node_modules', 'package.json']);
    const modules = new Set(
      packed.paths.filter((path) => path.startsWith('node_modules/')).map((path) => path.split('/')[1]),
    );
    expect([...modules]).toEqual(['better-sqlite3']);
    expect(packed.paths.filter((path) => /\.(ts|tsx|map|wgsl\.ts|test\.\w+|c|cpp|gyp|gguf)$/.test(path))).toEqual([]);
  });

  test('with SQLite for this system alone', () => {
    expect(prebuilds(packed.paths)).toEqual([`linux-${nativeArch}.node`]);
  });

  test('beside it lie the files that are read by ranges', () => {
    expect(existsSync(join(packed.resources, 'app.asar.unpacked', 'dist', 'renderer', 'index.html'))).toBe(true);
    expect(
      readFileSync(join(packed.resources, 'assets', 'sample.pdf'))
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    expect(readdirSync(join(packed.resources, 'assets', 'models')).some((name) => name.endsWith('.gguf'))).toBe(true);
    expect(readdirSync(join(packed.resources, 'assets')).sort()).toEqual(['icon.png', 'models', 'sample.pdf']);
  });

  test.runIf(process.platform === 'linux')('a database opens from the packed files', async () => {
    const app = folder('extracted');
    extractAll(join(packed.resources, 'app.asar'), app);
    copyFileSync(join(root, 'package.json'), folder('package.json'));
    const script = `const Sqlite = require('better-sqlite3');
      const database = new Sqlite(${JSON.stringify(folder('packed.db'))});
      database.pragma('journal_mode = WAL');
      database.exec('CREATE TABLE a (b) STRICT'.replace('b', 'b TEXT'));
      database.prepare('INSERT INTO a VALUES (?)').run('opened');
      console.log(database.prepare('SELECT b FROM a').get().b, Object.keys(require.cache).filter((file) => file.endsWith('.node')).join());`;
    const { stdout } = await run(process.execPath, ['-e', script], { cwd: app });
    expect(stdout).toContain('opened');
    expect(stdout).not.toContain(join(root, 'node_modules'));
  });
});

test('packed for Windows, the archive holds SQLite for Windows alone', () => {
  const { paths } = packedFor('win');
  expect(prebuilds(paths)).toEqual([`win32-${nativeArch}.node`]);
  expect(paths).toContain('dist/main/electron.js');
});

test('the configuration is one that electron-builder knows, with all four installers', async () => {
  const config = readConfig();
  await requireHere('./out/util/config/config').validateConfiguration(config, {
    isEnabled: false,
    add: () => undefined,
  });
  const targets = ['linux', 'win', 'mac'].flatMap((platform) => (config[platform] as { target: string[] }).target);
  expect(config.appId).toBe(appId);
  expect(targets).toEqual(['AppImage', 'deb', 'nsis', 'dmg']);
  expect(existsSync(join(root, config.icon as string))).toBe(true);
});
