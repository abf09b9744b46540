// Linux x64 only: the npm package @sparticuz/chromium carries a headless Chromium, SwiftShader's Vulkan driver and the libraries
// they need as brotli archives. They are unpacked once into the cache folder of the operating system, into a folder named by
// the package's version; a folder appears whole or not at all, so that two processes may unpack at the same time.
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { brotliDecompress, createBrotliDecompress } from 'node:zlib';

const decompress = promisify(brotliDecompress);

/** Where Longleaf keeps what it can make again. */
export const cacheFolder = (): string =>
  join(
    process.env.XDG_CACHE_HOME ??
      { win32: process.env.LOCALAPPDATA, darwin: join(homedir(), 'Library/Caches') }[process.platform as string] ??
      join(homedir(), '.cache'),
    'longleaf',
  );

interface Packed {
  version: string;
  /** Folder of the archives. */
  bin: string;
}

/** The package, when it is installed and its binaries can run here. */
async function findPacked(): Promise<Packed | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  try {
    let folder = dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'));
    while (!existsSync(join(folder, 'bin/chromium.br'))) {
      if (dirname(folder) === folder) return undefined;
      folder = dirname(folder);
    }
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return { version, bin: join(folder, 'bin') };
  } catch {
    return undefined;
  }
}

const field = (tar: Buffer, start: number, length: number): string => {
  const bytes = tar.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return bytes.subarray(0, end < 0 ? length : end).toString('utf8');
};

/** Writes the plain files of a tar archive (POSIX.1-1988 ustar: 512-byte headers, octal numbers) below `folder`. */
export async function unpackTar(tar: Buffer, folder: string): Promise<void> {
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(field(tar, at + 124, 12), 8);
    const type = field(tar, at + 156, 1);
    const prefix = field(tar, at + 257, 5) === 'ustar' ? field(tar, at + 345, 155) : '';
    const name = join(prefix, field(tar, at, 100));
    if (!Number.isSafeInteger(size) || size < 0 || at + 512 + size > tar.length)
      throw new Error('Damaged tar archive.');
    const path = resolve(folder, name);
    if (!path.startsWith(resolve(folder) + sep)) throw new Error(`The tar archive leaves its folder: ${name}`);
    if (type === '' || type === '0') {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, tar.subarray(at + 512, at + 512 + size), {
        mode: Number.parseInt(field(tar, at + 100, 8), 8) & 0o777,
      });
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

const unpackBrotliTar = async (file: string, folder: string): Promise<void> =>
  unpackTar(await decompress(await readFile(file)), folder);

/** Fills `folder` beside itself and moves it into place; who comes second throws his own away. */
async function once(folder: string, fill: (into: string) => Promise<void>): Promise<string> {
  if (existsSync(folder)) return folder;
  const into = `${folder}.${randomUUID()}`;
  try {
    await mkdir(into, { recursive: true });
    await fill(into);
    await rename(into, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(into, { recursive: true, force: true });
  }
  return folder;
}

/** Folder with SwiftShader's `vk_swiftshader_icd.json` and `libvulkan.so.1`; undefined where there is none to unpack. */
export async function unpackSwiftShader(cache = cacheFolder()): Promise<string | undefined> {
  const packed = await findPacked();
  if (!packed) return undefined;
  return once(join(cache, `swiftshader-${packed.version}`), (into) =>
    unpackBrotliTar(join(packed.bin, 'swiftshader.tar.br'), into),
  );
}

/** Folder with an executable `chromium` (headless only), its libraries in `lib/` and fonts; undefined as above. About 250 MB. */
export async function unpackChromium(cache = cacheFolder()): Promise<string | undefined> {
  const packed = await findPacked();
  if (!packed) return undefined;
  return once(join(cache, `chromium-${packed.version}`), async (into) => {
    for (const archive of ['swiftshader', 'al2023', 'fonts'])
      await unpackBrotliTar(join(packed.bin, `${archive}.tar.br`), into);
    const executable = join(into, 'chromium');
    await pipeline(
      createReadStream(join(packed.bin, 'chromium.br')),
      createBrotliDecompress(),
      createWriteStream(executable),
    );
    await chmod(executable, 0o755);
  });
}
