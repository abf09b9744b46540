// What main keeps for the workers that read, reached by URL: windows that were read in, how far a long reading has come, and words of
// scanned pages. A browser sends no stream to a loopback server, so the pieces of a window are gathered in a Blob, which it keeps on disk when
// it is large.
import type { Checkpoints, RecognisedStore, SnapshotStore } from '../../reading/index.ts';
import { httpSource } from './http-source.ts';

export const httpSnapshots: SnapshotStore = {
  async open(name) {
    const url = `/snapshots/${name}`;
    const response = await fetch(url, { method: 'HEAD' });
    const size = Number(response.headers.get('content-length'));
    return response.ok && size > 0 ? httpSource(url, size) : undefined;
  },
  async save(name, bytes, size) {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let body = new Blob([]);
    for await (const piece of bytes) {
      pieces.push(piece);
      if (pieces.length < 64) continue;
      body = new Blob([body, ...pieces.splice(0)]);
    }
    body = new Blob([body, ...pieces]);
    if (body.size !== size) throw new Error('a snapshot of another size');
    const response = await fetch(`/snapshots/${name}`, { method: 'PUT', body });
    if (!response.ok) throw new Error(`not stored: ${response.status}`);
  },
};

export const httpRecognised: RecognisedStore = {
  async load(name) {
    const response = await fetch(`/recognised/${name}`);
    return response.ok ? response.json() : undefined;
  },
  async save(name, value) {
    await fetch(`/recognised/${name}`, { method: 'PUT', body: JSON.stringify(value) });
  },
};

/** Checkpoints of one document. One that cannot be saved is no reason to stop reading: it is tried again with the next part. */
export const httpCheckpoints = (documentId: string): Checkpoints & { forget(key: string): Promise<void> } => {
  const put = async (key: string, body: string) => {
    await fetch(`/checkpoints/${documentId}.${key}`, { method: 'PUT', body }).catch(() => undefined);
  };
  return {
    async load(key) {
      const response = await fetch(`/checkpoints/${documentId}.${key}`).catch(() => undefined);
      return response?.ok ? response.json() : undefined;
    },
    save: (key, value) => put(key, JSON.stringify(value)),
    forget: (key) => put(key, ''),
  };
};
