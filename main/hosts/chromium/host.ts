// Longleaf in an installed browser's window: the app behind a loopback server. Where no window can be opened, the address is said
// instead. Tests start this very host with `window: false`.
import type { ChildProcess } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { startApp } from '../../app.ts';
import type { AppSurface, Host } from '../../host.ts';
import { appFolder } from '../../places.ts';
import { findBrowser, hasDisplay, openBrowserWindow, profileFolder } from './browser.ts';
import { showInFolder } from './file-manager.ts';
import { claimProfile } from './profile.ts';
import { type LoopbackServer, startLoopbackServer } from './server.ts';

export interface ChromiumOptions {
  dataFolder: string;
  /** False: no browser is opened; `url` is for whoever started the host. */
  window: boolean;
  assetsFolder?: string;
  rendererFolder?: string;
  say?: (line: string) => void;
  /** For tests of downloads. */
  downloads?: Parameters<typeof startApp>[1];
}

export interface ChromiumHost {
  /** Opens the app once; the cookie that it sets then opens it again. */
  url: string;
  /** Another such address, for another browser. */
  newAddress(): string;
  /** Resolves when the window was closed; never without one. */
  closed: Promise<void>;
  close(): Promise<void>;
}

/** How long a window may be away (a reload) before it counts as closed, where the browser does not tell. Milliseconds. */
const reloadTime = 10_000;

/** Why no window can be opened here, or the browser to open it with. */
const chooseBrowser = (): { browser: string } | { reason: string } => {
  if (!hasDisplay()) return { reason: 'There is no display here' };
  if (process.getuid?.() === 0) return { reason: 'A browser does not run as root with its sandbox' };
  const browser = findBrowser();
  return browser === undefined ? { reason: 'No Chromium, Chrome or Edge was found' } : { browser };
};

/** Calls `onGone` once when windows were connected and none came back. */
const watchWindows = (onGone: () => void) => {
  let timer: NodeJS.Timeout | undefined;
  return (connected: number): void => {
    clearTimeout(timer);
    if (connected === 0) timer = setTimeout(onGone, reloadTime).unref();
  };
};

interface Window {
  process: ChildProcess;
  release(): void;
}

const openWindow = (browser: string, address: string, dataFolder: string, onClosed: () => void): Window => {
  const profile = claimProfile(profileFolder(browser, dataFolder, homedir()));
  const child = openBrowserWindow(browser, address, profile.folder);
  const ended = () => {
    profile.release();
    onClosed();
  };
  child.once('exit', ended);
  child.once('error', ended);
  return { process: child, release: profile.release };
};

/** Rejects with a MainError when the history cannot be opened. */
export const startChromiumHost = async (options: ChromiumOptions): Promise<ChromiumHost> => {
  const say = options.say ?? ((line) => console.error(line));
  const quit: (() => void)[] = [];
  const { promise: closed, resolve: onClosed } = Promise.withResolvers<void>();
  let server: LoopbackServer | undefined;
  let window: Window | undefined;
  let url = '';
  const host: Host = {
    dataFolder: options.dataFolder,
    assetsFolder: options.assetsFolder ?? join(appFolder(), 'assets'),
    rendererFolder: options.rendererFolder ?? join(appFolder(), 'dist', 'renderer'),
    serve: async (surface: AppSurface) => {
      const gone = watchWindows(onClosed);
      server = await startLoopbackServer(surface, (connected) => {
        if (window && process.platform === 'darwin') gone(connected);
      });
      url = server.newAddress();
    },
    openWindow: async () => {
      if (!options.window) return;
      const choice = chooseBrowser();
      if ('browser' in choice) window = openWindow(choice.browser, url, options.dataFolder, onClosed);
      else
        say(`${choice.reason}. Open this address in Chromium, Chrome or Edge on this machine (it works once): ${url}`);
    },
    say,
    showInFolder,
    onQuit: (callback) => quit.push(callback),
  };
  const close = async () => {
    window?.process.kill();
    window?.release();
    for (const callback of quit.splice(0)) callback();
    await server?.close();
  };
  await startApp(host, options.downloads).catch(async (error) => {
    await close();
    throw error;
  });
  return { url, newAddress: () => server!.newAddress(), closed, close };
};
