// Programs that ours is compared with: installed on demand into a folder that git ignores, without install scripts. LONGLEAF_PEERS names
// a folder with a node_modules that has them already.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const llamaCpp = '3.22.1';
const platform = process.platform === 'win32' ? 'win' : process.platform === 'darwin' ? 'mac' : 'linux';
const native = `@node-llama-cpp/${platform}-${process.arch}`;

/** What is installed for a peer; packages with binaries that npm would leave out are named. */
const packages = {
  'node-llama-cpp': [
    `node-llama-cpp@${llamaCpp}`,
    `${native}${process.platform === 'darwin' ? '-metal' : ''}@${llamaCpp}`,
    ...(process.platform === 'darwin' ? [] : [`${native}-vulkan@${llamaCpp}`]),
  ],
  'onnxruntime-web': ['onnxruntime-web@1.30.0'],
} as const;

/** The folder node_modules that holds `peer`. */
export async function peerModules(peer: keyof typeof packages): Promise<string> {
  const given = process.env.LONGLEAF_PEERS;
  const folder = given ?? fileURLToPath(new URL('../../.cache/peers', import.meta.url));
  const modules = join(folder, 'node_modules');
  if (existsSync(join(modules, peer))) return modules;
  if (given) throw new Error(`LONGLEAF_PEERS names a folder without ${peer}`);
  console.error(`Installing ${packages[peer][0]} (once)…`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const flags = ['--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund'];
  await execute('npm', ['install', ...flags, ...packages[peer]], {
    cwd: folder,
    env: { ...process.env, NODE_LLAMA_CPP_SKIP_DOWNLOAD: 'true' },
    shell: process.platform === 'win32',
  });
  return modules;
}
