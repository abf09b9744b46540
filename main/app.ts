// The app without a shell: services over the data folder, requests by URL, calls over a port. A host serves it and opens a window;
// nothing here knows which host that is.
import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { type MainApi, MainError } from './common/api.ts';
import { type Port, serveApi } from './common/rpc.ts';
import type { AppSurface, Host } from './host.ts';
import { openRequests } from './requests.ts';
import { openCheckpoints } from './services/checkpoints.ts';
import { databaseFile, openDatabase } from './services/database/index.ts';
import { type Documents, openDocuments } from './services/documents.ts';
import { type DownloadMeans, openDownloads } from './services/downloads/index.ts';
import { openEverything } from './services/everything.ts';
import { checkModelFolder } from './services/found-models.ts';
import { findReplies } from './services/found-replies.ts';
import { type History, openHistory } from './services/history.ts';
import { type Models, openModels } from './services/models.ts';
import { openSelfTests } from './services/self-tests.ts';
import { openSettings, type SettingsStore } from './services/settings.ts';
import { openRecognised, openSnapshots, type Snapshots } from './services/snapshots.ts';

export interface App extends AppSurface {
  /** Ends the connections and closes the history. Calling it again does nothing. */
  close(): void;
}

export interface Services {
  /** Calls for one window; what it leaves under way when it ends is interrupted. */
  connect(): { api: MainApi; ended(): void };
  api: MainApi;
  handle(request: Request): Promise<Response>;
  close(): void;
}

type Folders = Pick<Host, 'dataFolder' | 'assetsFolder' | 'rendererFolder' | 'say'> &
  Partial<Pick<Host, 'showInFolder' | 'showProgress' | 'notify' | 'chooseFolder' | 'systemProxy'>>;

/** For the log: which call, what kind of error. Messages of unforeseen errors name files at most, never a document's text. */
const errorLine = (error: unknown, where: string): string =>
  error instanceof MainError
    ? `${where}: ${error.kind} (${error.detail})`
    : `${where}: ${error instanceof Error ? `${error.name}: ${error.message}` : 'unforeseen error'}`;

/** What was read of a document, `kept`, comes and goes with it. */
const libraryCalls = (
  documents: Documents,
  kept: readonly Snapshots[],
): Pick<MainApi, 'addDocument' | 'removeDocument'> => ({
  addDocument: async (document) => {
    for (const one of kept) one.expect(document.id);
    return documents.add(document);
  },
  removeDocument: async (id) => {
    for (const one of kept) await one.forget(id);
    await documents.remove(id);
  },
});

const modelCalls = (
  models: Models,
  settings: SettingsStore,
  history: History,
  { showInFolder }: Folders,
): Pick<MainApi, 'models' | 'verifyModel' | 'removeModel' | 'modelUse' | 'showModel'> => ({
  models: () => models.list(),
  verifyModel: (id) => models.verify(id),
  removeModel: (id) => models.remove(id),
  modelUse: async (id) => {
    const row = (await models.list()).find((model) => model.id === id);
    return { chosen: settings.read().model === id, replies: row?.sha256 ? history.repliesOf(row.sha256) : 0 };
  },
  showModel: async (id) => {
    const path = await models.path(id);
    if (path === undefined) throw new MainError('not-found', 'This model is not in the library.');
    await showInFolder?.(path);
  },
});

/** Opens what is stored in the data folder. Rejects with a MainError when that cannot be. `means`: for tests of downloads. */
export const openServices = async (folders: Folders, means: Partial<DownloadMeans> = {}): Promise<Services> => {
  const { database, notices } = openDatabase(folders.dataFolder);
  for (const notice of notices) folders.say(notice);
  const report = (error: unknown, where: string) => folders.say(errorLine(error, where));
  const documents = await openDocuments(database, join(folders.dataFolder, 'documents')).catch((error) => {
    database.close();
    throw error;
  });
  const history = openHistory(database);
  const checkpoints = openCheckpoints(database);
  const settings = openSettings(database);
  const selfTests = openSelfTests(database);
  const snapshots = openSnapshots(join(folders.dataFolder, 'snapshots'), () => settings.read().snapshotBudget);
  const recognised = openRecognised(folders.dataFolder, () => settings.read().snapshotBudget);
  const models = openModels(database, {
    embedded: join(folders.assetsFolder, 'models'),
    own: join(folders.dataFolder, 'models'),
    elsewhere: () => settings.read().modelFolder,
  });
  const downloads = openDownloads(join(folders.dataFolder, 'downloads'), models, {
    isOffline: () => settings.read().offline,
    proxy: () => settings.read().proxy,
    systemProxy: folders.systemProxy,
    ...means,
  });
  const everything = openEverything({ ...folders, database, models, downloads });
  const api: MainApi = {
    start: async () => {
      await everything.finish();
      return {
        ...{ version: packageJson.version, models: await models.list(), settings: settings.read(), notices },
        ...{ dataFolder: folders.dataFolder, notifies: folders.notify !== undefined },
        asksForFolders: folders.chooseFolder !== undefined,
      };
    },
    documents: async () => documents.list(),
    ...libraryCalls(documents, [snapshots, recognised]),
    runs: async (documentId) => history.runs(documentId),
    searchReplies: async (words) => findReplies(history, words),
    addRun: async (documentId, reply, begun) => history.add(documentId, reply, begun),
    removeRun: async (id) => history.remove(id),
    restoreRun: async (run) => history.restore(run),
    beginRun: async (documentId, request) => history.begin(documentId, request),
    keepWritten: async (begun, written) => history.keepWritten(begun, written),
    endRun: async (begun) => history.end(begun),
    interruptedRuns: async (documentId) => history.interrupted(documentId),
    changeSettings: async (change) => {
      if (change.modelFolder) await checkModelFolder(change.modelFolder);
      const changed = settings.change(change);
      if (change.snapshotBudget !== undefined) await Promise.all([snapshots.trim(), recognised.trim()]);
      if (change.offline) for (const { id } of await downloads.list()) await downloads.stop(id);
      return changed;
    },
    ...modelCalls(models, settings, history, folders),
    freeMemory: async () => process.availableMemory(),
    selfTests: async () => selfTests.list(),
    keepSelfTest: async (model, result) => selfTests.keep(model, result),
    downloads: () => downloads.list(),
    askDownload: (address, sha256) => downloads.ask(address, sha256),
    startDownload: (id) => downloads.start(id),
    stopDownload: (id) => downloads.stop(id),
    removeDownload: (id) => downloads.remove(id),
    snapshotUsage: () => snapshots.usage(),
    ...shellCalls(folders),
    forgetReadings: () => snapshots.clear(),
    deleteEverything: () => everything.remove(),
  };
  return {
    api,
    connect: () => connection(api, history),
    handle: openRequests({ ...folders, documents, models, downloads, snapshots, recognised, checkpoints, report }),
    close: () => {
      downloads.close();
      database.close();
    },
  };
};

/** What the shell does for a window, where it can. */
const shellCalls = (shell: Folders): Pick<MainApi, 'showProgress' | 'notify' | 'showDataFolder' | 'chooseFolder'> => ({
  chooseFolder: async () => (await shell.chooseFolder?.()) ?? null,
  showProgress: async (share) => shell.showProgress?.(share ?? undefined),
  notify: async (sentence) => shell.notify?.(sentence),
  showDataFolder: async () => shell.showInFolder?.(join(shell.dataFolder, databaseFile)),
});

/** The calls of one window, which remember what it has begun. */
const connection = (api: MainApi, history: Pick<History, 'interrupt'>): ReturnType<Services['connect']> => {
  const begun = new Set<number>();
  return {
    api: {
      ...api,
      beginRun: async (documentId, request) => {
        const id = await api.beginRun(documentId, request);
        begun.add(id);
        return id;
      },
      endRun: async (id) => {
        begun.delete(id);
        await api.endRun(id);
      },
      addRun: async (documentId, reply, id) => {
        const row = await api.addRun(documentId, reply, id);
        if (id !== undefined) begun.delete(id);
        return row;
      },
    },
    ended: () => history.interrupt(begun),
  };
};

/** Opens the services, lets the host serve them, and opens a window. */
export const startApp = async (host: Host, means?: Partial<DownloadMeans>): Promise<App> => {
  const services = await openServices(host, means);
  const windows = new Map<Port, ReturnType<Services['connect']>>();
  let closed = false;
  const app: App = {
    handle: services.handle,
    connect: (port) => {
      const window = services.connect();
      windows.set(port, window);
      port.onClose(() => {
        if (!windows.delete(port)) return;
        window.ended();
        host.showProgress?.(undefined);
      });
      serveApi(port, window.api, (error, call) => host.say(errorLine(error, call)));
    },
    close: () => {
      if (closed) return;
      closed = true;
      for (const [port, window] of windows) {
        windows.delete(port);
        window.ended();
        port.close();
      }
      services.close();
    },
  };
  host.onQuit(app.close);
  try {
    await host.serve(app);
    await host.openWindow();
  } catch (error) {
    app.close();
    throw error;
  }
  return app;
};
