// Finding an installed Chromium, Chrome or Edge, and opening it as the app's window: one window without tabs, with a profile of its
// own, so that nothing of the reader's browsing and nothing of the document meet.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hasGpu, webGpuSwitches } from '../../graphics.ts';

type Environment = Record<string, string | undefined>;

const linuxNames = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
  'brave-browser',
];
const macApps = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'];
const windowsPaths = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'Chromium\\Application\\chrome.exe',
];

const candidates = (env: Environment, platform: string): string[] => {
  if (platform === 'win32') {
    const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((root) => root !== undefined);
    return windowsPaths.flatMap((path) => roots.map((root) => `${root}\\${path}`));
  }
  if (platform === 'darwin') {
    const roots = ['/Applications', `${env.HOME}/Applications`];
    return macApps.flatMap((app) => roots.map((root) => `${root}/${app}.app/Contents/MacOS/${app}`));
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  return linuxNames.flatMap((name) => folders.map((folder) => join(folder, name)));
};

/** Path of an installed browser with WebGPU, LONGLEAF_BROWSER first; undefined when there is none. */
export const findBrowser = (
  env: Environment = process.env,
  platform: string = process.platform,
  exists: (path: string) => boolean = existsSync,
): string | undefined => {
  if (env.LONGLEAF_BROWSER) return exists(env.LONGLEAF_BROWSER) ? env.LONGLEAF_BROWSER : undefined;
  return candidates(env, platform).find(exists);
};

/** Whether a window could be shown here. */
export const hasDisplay = (env: Environment = process.env, platform: string = process.platform): boolean =>
  platform === 'win32' || platform === 'darwin' ? true : Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);

/** `--name=value` for a browser's command line. */
export const webGpuFlags = (platform: string = process.platform, gpu: boolean = hasGpu(platform)): string[] =>
  webGpuSwitches(platform, gpu).map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`));

/**
 * Longleaf's window makes no request but to 127.0.0.1: the browser's own services stay off, and every other name and address
 * leads nowhere, so that a page that left ours would not arrive.
 */
export const quietFlags = [
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  '--no-proxy-server',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-breakpad',
  '--disable-domain-reliability',
  '--disable-client-side-phishing-detection',
  '--no-pings',
  '--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider',
];

/** A confined Chromium (snap) may write only into its own folder. */
export const profileFolder = (browser: string, dataFolder: string, homeFolder: string): string =>
  browser.startsWith('/snap/') || (browser.endsWith('chromium-browser') && existsSync('/snap/bin/chromium'))
    ? join(homeFolder, 'snap', 'chromium', 'common', 'longleaf')
    : join(dataFolder, 'browser');

/** Ends when its window is closed, except on macOS, where a browser outlives its windows. */
export const openBrowserWindow = (browser: string, address: string, profile: string): ChildProcess =>
  spawn(
    browser,
    [`--app=${address}`, `--user-data-dir=${profile}`, '--window-size=1280,860', ...quietFlags, ...webGpuFlags()],
    {
      stdio: 'ignore',
    },
  );
