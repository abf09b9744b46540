// What was read into the model, kept by main and reached by URL: fetched by ranges, stored in one piece. A browser sends no stream
// to a loopback server, so the pieces are gathered in a Blob, which it keeps on disk when it is large.
import type { SnapshotStore } from '../reading/index.ts';
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
