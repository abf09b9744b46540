// WebGPU for Node: the `webgpu` package (Dawn). Hardware first. Linux machines without a Vulkan driver get SwiftShader, which
// computes on the CPU: the one of an installed Chromium, or the one unpacked from npm (unpack.ts).
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../../gpu/api.ts';
import { adapterInfoOf } from '../../../gpu/runtime/adapter.ts';
import { cacheFolder, unpackSwiftShader } from './unpack.ts';

export interface FoundGpu {
  /** Hand it to the engine; not to be kept after `release`. */
  readonly gpu: GPU;
  readonly name: string;
  /** True when the adapter computes on the CPU. */
  readonly software: boolean;
  /** Drops the reference to Dawn, which otherwise keeps the process alive. */
  release(): void;
}

interface GpuOptions {
  /** `auto` (hardware first), `swiftshader`, or part of an adapter's name. */
  adapter?: string;
  /** Folders of installed browsers in which SwiftShader is looked for. */
  browsers?: readonly string[];
  /** Where SwiftShader is unpacked to when none of them has it. */
  cache?: string;
}

const RTLD_NOW = 2;
/** glibc and musl: stay loaded after dlclose. Node closes a library that turns out not to be an addon. */
const RTLD_NODELETE = 0x1000;

const chromiumFolders = [
  '/usr/lib/chromium',
  '/usr/lib/chromium-browser',
  '/usr/lib64/chromium-browser',
  '/opt/google/chrome',
  '/opt/microsoft/msedge',
  '/snap/chromium/current/usr/lib/chromium-browser',
];

/** Loads a shared library for Dawn to find. True when it is there: Node then only says that it is no addon of its own. */
function preload(library: string): boolean {
  try {
    process.dlopen({ exports: {} }, library, RTLD_NOW | RTLD_NODELETE);
  } catch (error) {
    return error instanceof Error && error.message.includes('self-register');
  }
  return true;
}

/** Makes SwiftShader the only Vulkan driver of this process. False when there is none. */
async function takeSwiftShader(browsers: readonly string[], cache: string): Promise<boolean> {
  const icd = 'vk_swiftshader_icd.json';
  const folder = browsers.find((path) => existsSync(join(path, icd))) ?? (await unpackSwiftShader(cache));
  if (!folder || !existsSync(join(folder, icd))) return false;
  process.env.VK_DRIVER_FILES = join(folder, icd);
  // The loader of the system when it has one; Chromium brings its own.
  return preload('libvulkan.so.1') || preload(join(folder, 'libvulkan.so.1'));
}

async function open(flags: string[]): Promise<FoundGpu | undefined> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  let gpu: GPU | undefined = create(flags);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return undefined;
  return {
    get gpu(): GPU {
      if (!gpu) throw new EngineError('device-lost', 'The graphics adapter was already given back.');
      return gpu;
    },
    ...adapterInfoOf(adapter),
    release: () => {
      gpu = undefined;
    },
  };
}

/** Rejects with EngineError `no-gpu` when no adapter is there, or none of that name. */
export async function findGpu({
  adapter = 'auto',
  browsers = chromiumFolders,
  cache = cacheFolder(),
}: GpuOptions = {}): Promise<FoundGpu> {
  const linux = process.platform === 'linux';
  const named = adapter !== 'auto' && adapter !== 'swiftshader';
  let found: FoundGpu | undefined;
  // Without a Vulkan loader Dawn finds nothing on Linux and says so in words of its own.
  if (adapter !== 'swiftshader' && (!linux || preload('libvulkan.so.1')))
    found = await open(named ? [`adapter=${adapter}`] : []);
  if (!found && linux && !named && (await takeSwiftShader(browsers, cache))) found = await open([]);
  if (found) return found;
  throw new EngineError(
    'no-gpu',
    named
      ? `No graphics adapter is named “${adapter}”; leave out --adapter to take the best one there is.`
      : 'No graphics adapter with WebGPU was found; install a graphics driver (Vulkan on Linux) or Chromium, whose software adapter serves too.',
  );
}
