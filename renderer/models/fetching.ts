// Models from the network, asked for by the reader: the header is read at its server first, so that a model which cannot run, or for
// which there is no room, is known before it is fetched; then progress until it is here. Main fetches; here it is asked and watched.
import type { DownloadRow } from '../../main/common/api.ts';
import { type CatalogueModel, catalogue } from '../../main/common/catalogue.ts';
import type { Means } from '../means.ts';
import { isMoving, knownWords } from './model-words.ts';
import type { ModelsWork } from './models-work.ts';

export interface Fetching {
  /** Looks at what lies there, and offers it. */
  lookAtAddress(address: string, sha256?: string): Promise<void>;
  lookAtEntry(entry: CatalogueModel): Promise<void>;
  /** Begins, or goes on. */
  startDownload(row: DownloadRow): Promise<void>;
  /** After a failure that left nothing. */
  askAgain(row: DownloadRow): Promise<void>;
  stopDownload(row: DownloadRow): Promise<void>;
  /** With what was fetched of it. */
  discardDownload(row: DownloadRow): Promise<void>;
  /** What is on its way since an earlier day. */
  watchDownloads(): Promise<void>;
}

const NOT_LOOKED = 'This address could not be looked at. Try again.';
/** Milliseconds between two looks at a download under way. */
const GLANCE = 400;

/** `list` looks at the models again: one has come. */
export function createFetching(
  { api, reader, store }: Means,
  { show, attempt: tried }: ModelsWork,
  list: () => Promise<unknown>,
): Fetching {
  let watching = false;

  const refresh = async () => {
    const downloads = await api.downloads();
    const before = store.get().downloads;
    store.update((s) => ({ ...s, downloads }));
    const came = downloads.some(
      ({ id, state: now }) => now === 'done' && before.find((one) => one.id === id)?.state !== 'done',
    );
    if (came) await list();
    return downloads;
  };

  /** One watch at a time, for as long as bytes come. */
  const watch = async () => {
    if (watching) return;
    watching = true;
    try {
      while ((await refresh()).some(isMoving)) await new Promise((done) => setTimeout(done, GLANCE));
    } catch {
      // The app has ended; whatever is asked next says so.
    } finally {
      watching = false;
    }
  };

  /** And looks at what came of it. */
  const attempt = async (...work: Parameters<ModelsWork['attempt']>) => {
    await tried(...work);
    void watch();
  };

  /** An offer that was neither taken nor declined goes. */
  const dropOffer = async () => {
    const { offer } = store.get().modelsView;
    if (!offer) return;
    show({ offer: undefined });
    await api.removeDownload(offer.download.id).catch(() => undefined);
  };

  /** Of what was looked at, and is not wanted any more, nothing stays. */
  const offer = async (address: string, sha256: string | undefined, signal: AbortSignal) => {
    await dropOffer();
    const download = await (sha256 ? api.askDownload(address, sha256) : api.askDownload(address));
    if (signal.aborted) return download.state === 'asked' ? api.removeDownload(download.id) : undefined;
    if (download.state !== 'asked') return show({ notice: knownWords(download) });
    const { id, bytes, parts } = download;
    const split = parts.length > 1;
    const at = { url: `/downloads/${id}${split ? '' : '.1'}`, bytes, ...(split && { parts }) };
    const hostMemory = await api.freeMemory().catch(() => 0);
    try {
      const { models } = await reader.ask({ ask: 'models', models: [at], hostMemory, most: 0 }, { signal });
      const report = models[0]!;
      if (!('refused' in report)) return show({ offer: { download, report } });
      await api.removeDownload(id);
      show({ problem: `${report.refused} Nothing was downloaded.` });
    } catch (error) {
      await api.removeDownload(id).catch(() => undefined);
      throw error;
    }
  };

  /** What was offered is taken or declined, another offer stays. */
  const withoutOffer = (id: string) => (store.get().modelsView.offer?.download.id === id ? { offer: undefined } : {});

  const lookAt = (address: string, sha256?: string) =>
    attempt((signal) => offer(address, sha256, signal), NOT_LOOKED, 'Looking at what lies there…');

  return {
    lookAtAddress: lookAt,
    lookAtEntry: ({ url, sha256 }) => lookAt(url, sha256),
    // What lies there may be another file by now.
    askAgain: ({ address }) => lookAt(address, catalogue.find(({ url }) => url === address)?.sha256),
    startDownload: ({ id }) =>
      attempt(async () => {
        await api.startDownload(id);
        show(withoutOffer(id));
      }, 'This model could not be fetched. Try again.'),
    stopDownload: ({ id }) => attempt(() => api.stopDownload(id), 'The download could not be stopped. Try again.'),
    discardDownload: ({ id }) =>
      attempt(async () => {
        await api.removeDownload(id);
        show(withoutOffer(id));
      }, 'The download could not be removed. Try again.'),
    watchDownloads: watch,
  };
}
