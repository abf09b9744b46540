// The product's shell. Wires Electron to the app; what may be done at all is decided in policy.ts.
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  Notification,
  powerSaveBlocker,
  protocol,
  type Session,
  session,
  shell,
} from 'electron';
import { startApp } from '../../app.ts';
import { MainError } from '../../common/api.ts';
import { webGpuSwitches } from '../../graphics.ts';
import type { AppSurface, Host } from '../../host.ts';
import { appFolder, standardDataFolder } from '../../places.ts';
import {
  appId,
  appPage,
  appScheme,
  mayHave,
  mayLoad,
  mayNavigate,
  mayRequest,
  maySpeak,
  menuTemplate,
  unpacked,
  windowOptions,
} from './policy.ts';
import { portOf } from './port.ts';

const dataFolder = standardDataFolder(process.env, process.platform, homedir());
const assetsFolder = app.isPackaged ? join(process.resourcesPath, 'assets') : join(appFolder(), 'assets');
const builtFolder = join(appFolder(), 'dist');

const denyAllBut = (own: Session): void => {
  own.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(mayHave(permission, details.requestingUrl)),
  );
  own.setPermissionCheckHandler((_contents, permission, requestingOrigin) => mayHave(permission, requestingOrigin));
  own.setDevicePermissionHandler(() => false);
  own.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !mayLoad(details.url, app.isPackaged) }));
};

/** For every page there ever is, wherever it comes from. */
const lockContents = (): void => {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (!mayNavigate(event.url)) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || !mayNavigate(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
};

const ownWindows = new Set<BrowserWindow>();

/** A page that asks gets a port; the port of the page that was there before is closed. */
const handOutPorts = (surface: AppSurface): void => {
  const closers = new Map<number, () => void>();
  ipcMain.on('longleaf-ready', ({ sender, senderFrame }) => {
    const window = BrowserWindow.fromWebContents(sender);
    const ownWindow = window !== null && ownWindows.has(window);
    const isMainFrame = senderFrame !== null && senderFrame === sender.mainFrame;
    if (!maySpeak({ url: senderFrame?.url ?? '', isMainFrame, ownWindow })) return;
    closers.get(sender.id)?.();
    const { port1, port2 } = new MessageChannelMain();
    const port = portOf(port1);
    if (!closers.has(sender.id)) sender.once('destroyed', () => closers.delete(sender.id));
    closers.set(sender.id, port.close);
    surface.connect(port);
    sender.postMessage('longleaf-port', null, [port2]);
  });
};

const openWindow = async (): Promise<void> => {
  const icon = process.platform === 'linux' ? join(assetsFolder, 'icon.png') : undefined;
  const window = new BrowserWindow(windowOptions(join(builtFolder, 'preload'), icon));
  ownWindows.add(window);
  window.on('closed', () => ownWindows.delete(window));
  window.once('ready-to-show', () => window.show());
  await window.loadURL(appPage);
};

const showFirst = (): void => {
  const [window] = ownWindows;
  if (!window) return;
  if (window.isMinimized()) window.restore();
  window.focus();
};

const notify = (sentence: string): void => {
  if (!Notification.isSupported()) return;
  const notice = new Notification({ title: 'Longleaf', body: sentence });
  notice.on('click', showFirst);
  notice.show();
};

let awake: number | undefined;

/** While work is under way the machine does not fall asleep over it; the screen may. */
const keepAwake = (working: boolean): void => {
  if (working) awake ??= powerSaveBlocker.start('prevent-app-suspension');
  else if (awake !== undefined) {
    powerSaveBlocker.stop(awake);
    awake = undefined;
  }
};

const electronHost: Host = {
  dataFolder,
  assetsFolder,
  rendererFolder: unpacked(join(builtFolder, 'renderer')),
  serve: async (surface) => {
    await app.whenReady();
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, app.isPackaged)));
    denyAllBut(session.defaultSession);
    protocol.handle('app', async (request) =>
      mayRequest(request) ? surface.handle(request) : new Response(null, { status: 403 }),
    );
    handOutPorts(surface);
  },
  openWindow,
  say: (line) => console.error(line),
  showInFolder: async (path) => shell.showItemInFolder(path),
  chooseFolder: async () => (await dialog.showOpenDialog({ properties: ['openDirectory'] })).filePaths[0],
  systemProxy: (address) => session.defaultSession.resolveProxy(address),
  showProgress: (share) => {
    keepAwake(share !== undefined);
    // Below 0 the bar goes away.
    for (const window of ownWindows) window.setProgressBar(share ?? -1);
  },
  notify,
  onQuit: (callback) => {
    app.on('will-quit', callback);
  },
};

const main = async (): Promise<void> => {
  // Electron's own files lie beside ours, so that a copy of the data folder is a copy of everything.
  app.setPath('userData', join(dataFolder, 'electron'));
  if (!app.requestSingleInstanceLock()) return app.quit();
  app.enableSandbox();
  // Windows shows notifications of an app that it knows by this name only: the installer gives it to the shortcut.
  if (process.platform === 'win32') app.setAppUserModelId(appId);
  for (const [name, value] of webGpuSwitches()) app.commandLine.appendSwitch(name, value);
  protocol.registerSchemesAsPrivileged([appScheme]);
  lockContents();
  app.on('second-instance', showFirst);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (app.isReady() && ownWindows.size === 0) void openWindow();
  });
  await startApp(electronHost);
};

main().catch((error) => {
  const known = error instanceof MainError;
  if (!known) console.error(error);
  dialog.showErrorBox(
    'Longleaf',
    known ? error.message : 'Longleaf could not start; your documents and history are kept.',
  );
  app.exit(1);
});
