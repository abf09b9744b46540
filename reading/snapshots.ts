// The window of a document that was read once, kept outside so that a reopened document answers without being read in again. It is
// a cache: whatever goes wrong with it costs time and never a reply. The engine checks every byte, and that model, factor, cache
// and version are its own; which tokens a snapshot holds is compared again by the prefill that follows.
import type { ByteSource, Engine } from '../gpu/api.ts';
import type { StageProgress, WindowPlan } from './document.ts';
import { fingerprint } from './long/checkpoints.ts';

export interface SnapshotStore {
  /** Undefined when there is none of that name. */
  open(name: string): Promise<(ByteSource & { close?(): unknown }) | undefined>;
  /** Stores it whole or rejects. `size` in bytes. */
  save(name: string, bytes: AsyncIterable<Uint8Array<ArrayBuffer>>, size: number): Promise<void>;
}

/** What a window belongs to: SHA-256 of the document's and of the model's file, hexadecimal. */
export interface SnapshotOwner {
  store: SnapshotStore;
  document: string;
  model: string;
}

/** A window of fewer tokens is read in faster than it is worth. */
export const LEAST_TOKENS = 512;

/** The document's hash, so that all of a document's can be found, and a fingerprint of model, factor and the very tokens. */
export const snapshotName = (
  { document, model }: SnapshotOwner,
  plan: Pick<WindowPlan, 'ids' | 'ropeFactor'>,
): string => `${document}-${fingerprint(model, `${plan.ropeFactor}`, plan.ids.join())}`;

interface Options {
  onProgress?: (progress: StageProgress) => void;
  signal?: AbortSignal;
}

/** Whether the window now holds what was kept. Rejects with the signal's reason when stopped, and never otherwise. */
export const restoreWindow = async (
  engine: Engine,
  plan: WindowPlan,
  owner: SnapshotOwner,
  { onProgress, signal }: Options = {},
): Promise<boolean> => {
  if (plan.ids.length < LEAST_TOKENS) return false;
  let source: Awaited<ReturnType<SnapshotStore['open']>>;
  try {
    source = await owner.store.open(snapshotName(owner, plan));
    if (!source) return false;
    const total = plan.ids.length;
    const tell = ({ done, total: bytes }: { done: number; total: number }): void =>
      onProgress?.({ stage: 'window', done: Math.floor((done / bytes) * total), total });
    return (await engine.loadSnapshot(source, { onProgress: tell, signal })) >= total;
  } catch {
    signal?.throwIfAborted();
    return false;
  } finally {
    await Promise.resolve(source?.close?.()).catch(() => undefined);
  }
};

/** Keeps the plan's part of the window for as long as that is wanted. Resolves to whether it was kept; never rejects. */
export const keepWindow = async (
  engine: Engine,
  plan: WindowPlan,
  owner: SnapshotOwner,
  wanted: () => boolean,
): Promise<boolean> => {
  const tokens = plan.ids.length;
  if (tokens < LEAST_TOKENS) return false;
  try {
    const size = await engine.snapshotBytes(tokens);
    await owner.store.save(snapshotName(owner, plan), whileWanted(engine.saveSnapshot({ tokens }), wanted), size);
    return true;
  } catch {
    return false;
  }
};

const whileWanted = async function* (
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
  wanted: () => boolean,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const piece of pieces) {
    if (!wanted()) throw new Error('not wanted any more');
    yield piece;
  }
};
