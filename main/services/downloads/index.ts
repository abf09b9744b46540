// Models that the reader asked for, from their servers to the model folder: the app's only requests to the network, and none without a
// reader's word. First a server is asked what lies there, so that the header can be read and the model refused before it is fetched; then
// one model after the other is fetched, can be stopped, goes on after a quit, and becomes a model when it is whole and its hash is right.
import { setMaxListeners } from 'node:events';
import { rm, statfs } from 'node:fs/promises';
import { type DownloadRow, type DownloadState, MainError } from '../../common/api.ts';
import type { Kept, KeptFile } from '../../common/kept-download.ts';
import { isRunning } from '../../running.ts';
import { asMainError } from '../disk-error.ts';
import type { Models } from '../models.ts';
import { hashOfFile, openFolder } from '../stored-file.ts';
import { type MayFetch, onlyHttps, parseAddress } from './address.ts';
import { type KeptDownloads, openKept } from './kept.ts';
import type { ProxyMeans } from './proxy.ts';
import { createRate, type Rate } from './rate.ts';
import { createRemote, type Remote, RemoteError } from './remote.ts';
import { bytesThere, fetchInto } from './transfer.ts';

/** What tests change; the app takes it as it is. */
export interface DownloadMeans {
  isOffline(): boolean;
  mayFetch: MayFetch;
  proxy: ProxyMeans['proxy'];
  systemProxy?: ProxyMeans['systemProxy'];
  /** Milliseconds without a byte after which a server counts as silent. */
  silence: number;
  /** Pauses before a server that failed is asked again. Milliseconds. */
  patience: readonly number[];
  /** Bytes that may be written in a folder. */
  freeSpace(folder: string): Promise<number>;
}

const usual: DownloadMeans = {
  isOffline: () => false,
  mayFetch: onlyHttps,
  proxy: () => '',
  silence: 60_000,
  patience: [1_000, 2_000, 5_000, 10_000, 20_000],
  freeSpace: async (folder) => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
};

/** Bytes of the disk that are left to others. */
const spared = 200_000_000;
/** Bytes of a header at most, in one request: the engine reads it in pieces of 4 MiB. */
const largestPiece = 8 * 1024 * 1024;

export interface Downloads {
  list(): Promise<DownloadRow[]>;
  /** Asks the server what lies at `address` and notes it; nothing is fetched. */
  ask(address: string, sha256?: string): Promise<DownloadRow>;
  /** Exactly `length` bytes of file `part` (from 0 on) of a model that was asked for, from its server. */
  read(id: string, part: number, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  start(id: string): Promise<DownloadRow>;
  stop(id: string): Promise<DownloadRow>;
  remove(id: string): Promise<void>;
  /** Resolves when `id` is done, stopped or failed. */
  settled(id: string): Promise<DownloadRow>;
  /** Stops all; they go on when they are started again. */
  close(): void;
}

interface Live {
  state: DownloadState;
  /** Bytes of the files before the present one, and of it. */
  done: number;
  rate: Rate;
  problem?: string;
  model?: string;
  controller?: AbortController;
  ended: PromiseWithResolvers<void>;
  /** Of one that is done, and lies nowhere any more. */
  last?: Kept;
}

const notThere = () => new MainError('not-found', 'This download is not in the list any more.');

export const openDownloads = (folder: string, models: Models, changes: Partial<DownloadMeans> = {}): Downloads => {
  const means = { ...usual, ...changes };
  return new DownloadQueue(folder, models, means, createRemote(means), openKept(folder));
};

class DownloadQueue implements Downloads {
  readonly #live = new Map<string, Live>();
  readonly #folder: string;
  readonly #models: Models;
  readonly #means: DownloadMeans;
  readonly #remote: Remote;
  readonly #kept: KeptDownloads;
  /** Ids in the order of their start; the first is being fetched. */
  #queue: string[] = [];
  #running = false;
  #closed = false;
  #tidied: Promise<void> | undefined;

  constructor(folder: string, models: Models, means: DownloadMeans, remote: Remote, kept: KeptDownloads) {
    this.#folder = folder;
    this.#models = models;
    this.#means = means;
    this.#remote = remote;
    this.#kept = kept;
  }

  async list(): Promise<DownloadRow[]> {
    this.#tidied ??= this.#tidy();
    await this.#tidied;
    const all = await this.#kept.all();
    const there = new Set(all.map(([id]) => id));
    for (const [id, { last }] of this.#live) if (last && !there.has(id)) all.push([id, last]);
    return Promise.all(all.map(([id, kept]) => this.#row(id, kept)));
  }

  /** What was looked at and never begun; and what a kill left between a model's last rename and the end of its download. */
  async #tidy(): Promise<void> {
    const stored = await this.#models.list();
    for (const [id, kept] of await this.#kept.all()) {
      if (!kept.begun && !isRunning(kept.owner)) await this.#kept.remove(id);
      if (!kept.begun || this.#live.has(id) || (await this.#bytesOf(id, kept)) > 0) continue;
      if (stored.some(({ name, bytes }) => name === nameOf(kept) && bytes === total(kept))) await this.#kept.remove(id);
    }
  }

  async ask(address: string, sha256?: string): Promise<DownloadRow> {
    const { urls, names } = parseAddress(address, this.#means.mayFetch);
    const known = (await this.#kept.all()).find(([, { files }]) => files[0].url === urls[0].href);
    // One that failed may lie there as another file now: it is asked for anew.
    const state = known && this.#stateOf(...known);
    if (known && state !== 'asked' && (state !== 'failed' || (await this.#bytesOf(...known)) > 0))
      return this.#row(...known);
    const files: KeptFile[] = [];
    for (const [i, url] of urls.entries()) files.push(await this.#askFile(url, names[i], urls.length > 1, sha256));
    const id = known?.[0] ?? this.#kept.newId();
    const kept: Kept = { askedAt: new Date().toISOString(), files, begun: false, owner: process.pid };
    this.#live.delete(id);
    await this.#kept.save(id, kept);
    return this.#row(id, kept);
  }

  async #askFile(url: URL, name: string, split: boolean, sha256?: string): Promise<KeptFile> {
    try {
      const answer = await this.#remote.open(url, { offset: 0, length: 1 });
      answer.cancel();
      const { bytes, etag } = answer;
      if (bytes < 1) throw new MainError('refused', 'The file at this address is empty.');
      // A hash that the reader names is of one file.
      return { url: url.href, name, bytes, etag, sha256: (split ? undefined : sha256) ?? answer.sha256 };
    } catch (error) {
      if (split && error instanceof RemoteError && error.detail === 'status 404')
        throw new MainError('remote', `A part of this model is missing on the server: ${name}.`, error.detail);
      throw error;
    }
  }

  async read(id: string, part: number, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const file = (await this.#find(id)).files[part];
    if (!file || length > largestPiece || offset + length > file.bytes) throw notThere();
    const answer = await this.#remote.open(new URL(file.url), { offset, length });
    const bytes = new Uint8Array(length);
    // A server without ranges sends the file from its begin.
    let at = answer.offset - offset;
    try {
      if (answer.bytes !== file.bytes)
        throw new RemoteError('The file at this address changes while it is read.', 'size');
      for await (const piece of answer.body) {
        const from = Math.max(0, -at);
        if (from < piece.length) bytes.set(piece.subarray(from, Math.min(piece.length, length - at)), at + from);
        at += piece.length;
        if (at >= length) break;
      }
    } finally {
      answer.cancel();
    }
    if (at < length) throw new RemoteError('The connection to the server was cut. Try again.', `${at} of ${length}`);
    return bytes;
  }

  async start(id: string): Promise<DownloadRow> {
    const kept = await this.#find(id);
    const state = this.#stateOf(id, kept);
    if (state === 'done') throw notThere();
    if (state === 'waiting' || state === 'fetching' || state === 'checking') return this.#row(id, kept);
    if (kept.begun && kept.owner !== process.pid && isRunning(kept.owner))
      throw new MainError('busy', 'Another Longleaf is fetching this model.');
    await this.#expectSpace(id, kept);
    const live = this.#begin(id, 'waiting');
    live.done = await this.#bytesOf(id, kept);
    const begun = { ...kept, begun: true, owner: process.pid };
    await this.#kept.save(id, begun);
    if (live.state !== 'waiting') {
      // It was stopped meanwhile.
      await this.#kept.save(id, { ...begun, owner: 0 });
      return this.#row(id, begun);
    }
    this.#queue.push(id);
    if (!this.#running) void this.#run();
    return this.#row(id, begun);
  }

  async stop(id: string): Promise<DownloadRow> {
    const kept = await this.#find(id);
    const live = this.#live.get(id);
    if (live?.state === 'waiting') {
      this.#queue = this.#queue.filter((one) => one !== id);
      this.#settle(id, { state: 'stopped' });
      await this.#kept.save(id, { ...kept, owner: 0 });
    } else if (live?.controller) {
      live.controller.abort(new MainError('refused', 'Stopped.'));
      await live.ended.promise;
    }
    return this.#row(id, await this.#find(id));
  }

  async remove(id: string): Promise<void> {
    await this.stop(id);
    this.#live.delete(id);
    await this.#kept.remove(id);
  }

  async settled(id: string): Promise<DownloadRow> {
    const live = this.#live.get(id);
    await live?.ended.promise;
    return this.#row(id, await this.#find(id));
  }

  close(): void {
    this.#closed = true;
    this.#queue = [];
    for (const { controller } of this.#live.values()) controller?.abort(new MainError('gone', 'Longleaf ended.'));
  }

  /** Never twice at once: while one that ended is still being written down, the queue may be empty and fill again. */
  async #run(): Promise<void> {
    this.#running = true;
    while (this.#queue.length > 0 && !this.#closed) {
      const id = this.#queue[0];
      const live = this.#live.get(id)!;
      live.controller = new AbortController();
      setMaxListeners(0, live.controller.signal);
      const { signal } = live.controller;
      const outcome = await this.#fetchModel(id, live, signal).catch((error: unknown) => failure(error, signal));
      this.#queue = this.#queue.filter((one) => one !== id);
      if (this.#closed) return live.ended.resolve();
      const kept = await this.#kept.load(id);
      if (kept) await this.#kept.save(id, { ...kept, owner: 0 }).catch(() => undefined);
      this.#settle(id, outcome);
    }
    this.#running = false;
  }

  /** All files, then their hashes, then their names. A wrong hash is fetched once more. */
  async #fetchModel(id: string, live: Live, signal: AbortSignal): Promise<Outcome> {
    const kept = await this.#find(id);
    const { files } = kept;
    const fresh = new Set<number>();
    const hashes: string[] = [];
    for (let i = 0; i < files.length; ) {
      const file = files[i];
      const before = files.slice(0, i).reduce((sum, { bytes }) => sum + bytes, 0);
      const part = this.#kept.part(id, i);
      live.state = 'fetching';
      await fetchInto(this.#remote, { ...file, url: new URL(file.url) }, part, {
        signal,
        patience: this.#means.patience,
        onBytes: (done) => {
          live.done = before + done;
          live.rate.add(live.done, performance.now());
        },
      });
      live.state = 'checking';
      const hash = await hashOfFile(part, signal);
      if (file.sha256 !== undefined && hash !== file.sha256) {
        await rm(part, { force: true });
        if (fresh.has(i)) throw wrongHash();
        fresh.add(i);
        live.problem = 'The file did not match its checksum; downloading again.';
        continue;
      }
      hashes.push(hash);
      i++;
    }
    const sources = files.map(({ name }, i) => ({ name, path: this.#kept.part(id, i), sha256: hashes[i] }));
    const { id: model } = await this.#models.adopt(sources);
    live.last = kept;
    await this.#kept.remove(id);
    return { state: 'done', model };
  }

  async #expectSpace(id: string, kept: Kept): Promise<void> {
    await openFolder(this.#folder);
    const needed = total(kept) - (await this.#bytesOf(id, kept));
    const free = await this.#means.freeSpace(this.#folder).catch(() => Number.POSITIVE_INFINITY);
    if (needed + spared <= free) return;
    throw new MainError(
      'disk-full',
      `There is no room on the disk: ${gigabytes(needed)} are needed and ${gigabytes(Math.max(0, free - spared))} are free. Free some space and try again.`,
    );
  }

  #begin(id: string, state: DownloadState): Live {
    const live: Live = { state, done: 0, rate: createRate(), ended: Promise.withResolvers() };
    this.#live.set(id, live);
    return live;
  }

  #settle(id: string, outcome: Outcome): void {
    const live = this.#live.get(id);
    if (!live) return;
    Object.assign(live, { problem: undefined, controller: undefined, ...outcome });
    live.ended.resolve();
  }

  async #find(id: string): Promise<Kept> {
    return (await this.#kept.load(id)) ?? this.#live.get(id)?.last ?? notFound();
  }

  async #bytesOf(id: string, { files }: Kept): Promise<number> {
    const sizes = await Promise.all(
      files.map(({ bytes }, i) => bytesThere(this.#kept.part(id, i)).then((there) => Math.min(there, bytes))),
    );
    return sizes.reduce((sum, bytes) => sum + bytes, 0);
  }

  #stateOf(id: string, { begun, owner }: Kept): DownloadState {
    const live = this.#live.get(id);
    if (live) return live.state;
    if (begun && owner !== 0 && owner !== process.pid && isRunning(owner)) return 'fetching';
    return begun ? 'stopped' : 'asked';
  }

  async #row(id: string, kept: Kept): Promise<DownloadRow> {
    const live = this.#live.get(id);
    const state = this.#stateOf(id, kept);
    const moving = live && (state === 'fetching' || state === 'checking');
    const bytes = total(kept);
    const done = state === 'done' ? bytes : moving ? live.done : await this.#bytesOf(id, kept);
    const rate = state === 'fetching' ? live?.rate.perSecond(performance.now()) : undefined;
    return {
      id,
      name: nameOf(kept),
      address: kept.files[0].url,
      state,
      parts: kept.files.map((file) => file.bytes),
      bytes,
      done,
      ...(rate !== undefined && { rate: Math.round(rate) }),
      ...(rate !== undefined && rate > 0 && { secondsLeft: Math.ceil((bytes - done) / rate) }),
      ...(live?.problem !== undefined && { problem: live.problem }),
      hashed: kept.files.every(({ sha256 }) => sha256 !== undefined),
      ...(live?.model !== undefined && { model: live.model }),
    };
  }
}

type Outcome = Pick<Live, 'state'> & { problem?: string; model?: string };

const notFound = (): never => {
  throw notThere();
};

const total = ({ files }: Kept): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

const nameOf = ({ files }: Kept): string => files[0].name.replace(/(?:-\d{5}-of-\d{5})?\.gguf$/i, '');

const gigabytes = (bytes: number): string =>
  bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

const wrongHash = () =>
  new MainError(
    'wrong-hash',
    'The file did not match its checksum twice, so nothing was stored. The one on the server may be damaged.',
  );

const failure = (error: unknown, signal: AbortSignal): Outcome => {
  if (signal.aborted) return { state: 'stopped' };
  const known = asMainError(error);
  const sentence = known instanceof MainError ? known.message : 'Something went wrong in Longleaf.';
  const kept = known instanceof RemoteError && !known.changed ? ' What was fetched is kept.' : '';
  return { state: 'failed', problem: `${sentence}${kept}` };
};
