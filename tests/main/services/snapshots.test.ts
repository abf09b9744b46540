// A document that is forgotten while what was read of it is being kept: nothing of it stays, and its writer hears one plain refusal.
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openSnapshots } from '../../../main/services/snapshots.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const id = 'a'.repeat(64);
const other = 'b'.repeat(64);
const name = (document: string) => `${document}-${'0'.repeat(8)}`;

async function* pieces(between: () => Promise<void> = async () => undefined) {
  yield new Uint8Array(10);
  await between();
  yield new Uint8Array(10);
}

test('what is being stored of a document that is forgotten is not kept, nor what comes after', async () => {
  const folder = temporaryFolder()('snapshots');
  const snapshots = openSnapshots(folder, () => 1e6);
  await snapshots.store(name(other), pieces());
  const refused = expect.objectContaining({ kind: 'refused' });
  await expect(
    snapshots.store(
      name(id),
      pieces(() => snapshots.forget(id)),
    ),
  ).rejects.toEqual(refused);
  await expect(snapshots.store(name(id), pieces())).rejects.toEqual(refused);
  expect(readdirSync(folder)).toEqual([`${name(other)}.kv`]);
});

test('once the document is in the library again it is kept again', async () => {
  const snapshots = openSnapshots(temporaryFolder()('snapshots'), () => 1e6);
  await snapshots.forget(id);
  snapshots.expect(id);
  await snapshots.store(name(id), pieces());
  expect(await snapshots.usage()).toEqual({ count: 1, bytes: 20 });
});
