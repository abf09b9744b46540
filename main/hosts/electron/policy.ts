// What Electron's window may do, as plain functions and values, so that each is tested without Electron. index.ts only wires.
import { join } from 'node:path';
import type { BrowserWindowConstructorOptions, CustomScheme, MenuItemConstructorOptions } from 'electron';

/** As electron-builder.yml has it. */
export const appId = 'invalid.example.longleaf';

export const appOrigin = 'app://longleaf';
export const appPage = `${appOrigin}/`;

/** A real origin: module scripts, fetch, streams and workers need one; `file://` has none. */
export const appScheme: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
};

const urlOf = (text: string): URL | undefined => {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
};

/** Exactly our origin. Of a scheme that it does not know, `URL.origin` is 'null', so the parts are compared. */
export const isOwnUrl = (text: string): boolean => {
  const url = urlOf(text);
  return url?.protocol === 'app:' && url.host === 'longleaf' && url.username === '' && url.password === '';
};

/** The window shows its one page for as long as it lives; only a reload of it is a navigation. */
export const mayNavigate = (text: string): boolean => {
  const url = urlOf(text);
  return isOwnUrl(text) && (url?.pathname === '/' || url?.pathname === '/index.html') && url.search === '';
};

const permissions = new Set(['clipboard-sanitized-write']);

/** Copying text is all that the window needs; everything else is denied, to us as to others. */
export const mayHave = (permission: string, requestingUrl: string): boolean =>
  isOwnUrl(requestingUrl) && permissions.has(permission);

/** Who may get a port: the main frame of a window of ours, on our origin. */
export const maySpeak = (sender: { url: string; isMainFrame: boolean; ownWindow: boolean }): boolean =>
  sender.ownWindow && sender.isMainFrame && isOwnUrl(sender.url);

/** Requests of the scheme for another host, or from elsewhere, never reach the app. */
export const mayRequest = (request: Pick<Request, 'url' | 'headers'>): boolean => {
  const origin = request.headers.get('origin');
  return isOwnUrl(request.url) && (origin === null || origin === appOrigin);
};

/** What the window may load at all: its own origin and what it made itself. Everything else is cut off before it leaves. */
export const mayLoad = (text: string, packaged: boolean): boolean => {
  const url = urlOf(text);
  if (!url) return false;
  if (url.protocol === 'blob:') return isOwnUrl(url.pathname);
  return isOwnUrl(text) || url.protocol === 'data:' || (!packaged && url.protocol === 'devtools:');
};

export const windowOptions = (preloadFolder: string, icon: string | undefined): BrowserWindowConstructorOptions => ({
  width: 1280,
  height: 860,
  minWidth: 360,
  minHeight: 320,
  show: false,
  title: 'Longleaf',
  ...(icon === undefined ? {} : { icon }),
  webPreferences: {
    preload: join(preloadFolder, 'preload.cjs'),
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
    spellcheck: false,
    enableWebSQL: false,
  },
});

/** Files of the built window lie unpacked beside the archive, so that they are read by ranges like any other. */
export const unpacked = (folder: string): string => folder.replace(/app\.asar(?=[\\/]|$)/, 'app.asar.unpacked');

/** The standard roles, so that every system's own shortcuts work. Developer tools only in a clone. */
export const menuTemplate = (platform: string, packaged: boolean): MenuItemConstructorOptions[] => [
  ...(platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
  { role: 'fileMenu' },
  { role: 'editMenu' },
  {
    label: 'View',
    submenu: [
      { role: 'reload' },
      { role: 'togglefullscreen' },
      ...(packaged ? [] : [{ role: 'toggleDevTools' as const }]),
    ],
  },
  { role: 'windowMenu' },
];
