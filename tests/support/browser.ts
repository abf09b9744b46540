// The browser of the tests: an installed Chromium, Chrome or Edge, else the headless Chromium that came from npm.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unpackChromium } from '../../main/hosts/terminal/unpack.ts';

export interface TestBrowser {
  executablePath: string;
  /** WebGPU on SwiftShader; to be given to playwright-core's `launch` together with `env`. */
  args: string[];
  env: Record<string, string>;
}

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const webgpuOnSwiftShader = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** Rejects with a plain message when there is none; `candidates` are looked for in their order. */
export async function findBrowser(candidates: readonly string[] = installed): Promise<TestBrowser> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
  const executablePath = candidates.find((path) => existsSync(path));
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  if (executablePath) return { executablePath, args: [...webgpuOnSwiftShader, ...root], env };
  const folder = await unpackChromium();
  if (!folder) throw new Error('Install Chromium, Chrome or Edge: the tests of the window need one of them.');
  return {
    executablePath: join(folder, 'chromium'),
    // It comes without the sandbox helper of an installed one.
    args: [...webgpuOnSwiftShader, '--no-sandbox'],
    env: {
      ...env,
      LD_LIBRARY_PATH: [join(folder, 'lib'), folder, env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
      ...(existsSync('/etc/fonts') ? {} : { FONTCONFIG_PATH: folder }),
    },
  };
}
