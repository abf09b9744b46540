// Models in several files, and files whose tensors lie beyond 4 GiB.
import { describe, expect, test } from 'vitest';
import type { ByteSource } from '../../../gpu/api.ts';
import { bytesSource } from '../../../gpu/gguf/bytes-source.ts';
import { joinParts } from '../../../gpu/gguf/parts.ts';
import { readHeader } from '../../../gpu/gguf/read-header.ts';
import { openModel } from '../../../gpu/open-model.ts';
import { type Metadata, smallLlama, smallMetadata, smallParts, smallTensors } from './small-llama.ts';
import { typed, writeGguf } from './write-gguf.ts';

const open = (parts: readonly Uint8Array[]) => openModel(joinParts(parts.map(bytesSource)));

describe('a model in several files', () => {
  test('is the model in one file: same description, same bytes of every tensor', async () => {
    const whole = await openModel(bytesSource(smallLlama()));
    const split = await open(smallParts(3));
    expect(split.info).toEqual(whole.info);
    expect([...split.header.tensors.keys()].sort()).toEqual([...whole.header.tensors.keys()].sort());
    for (const { name, offset, bytes } of whole.header.tensors.values()) {
      const tensor = split.header.tensors.get(name)!;
      expect(tensor.bytes).toBe(bytes);
      expect(await split.source.read(tensor.offset, bytes)).toEqual(await whole.source.read(offset, bytes));
    }
  });

  test('may have a first file without tensors', async () => {
    const count = typed('u16', 2);
    const first = writeGguf({ ...smallMetadata, 'split.no': typed('u16', 0), 'split.count': count });
    const second = writeGguf({ 'split.no': typed('u16', 1), 'split.count': count }, smallTensors);
    expect((await open([first, second])).info.layers).toBe(2);
  });

  test('reads across its files', async () => {
    const source = joinParts([1, 2, 3].map((byte) => bytesSource(Uint8Array.of(byte, byte, byte))));
    expect([...(await source.read(1, 7))]).toEqual([1, 1, 2, 2, 2, 3, 3]);
    expect([...(await source.read(9, 0))]).toEqual([]);
    await expect(source.read(8, 2)).rejects.toThrow(RangeError);
  });

  test('is refused with what is wrong with its parts', async () => {
    const [first, second, third] = smallParts(3);
    await expect(openModel(bytesSource(second))).rejects.toThrow(
      /^This file is part 2 of 3 of a model\. All parts are needed together: .*\.$/,
    );
    await expect(open([first, third, second])).rejects.toThrow('what is named part 2 is part 3');
    await expect(open([first, second])).rejects.toThrow('it has 3 parts and 2 were found');
    const other = smallParts(3, {
      changed: (part): Metadata => (part === 2 ? { 'split.count': typed('u16', 4) } : {}),
    })[2];
    await expect(open([first, second, other])).rejects.toThrow('it has 4 parts and 3 were found');
    const more = smallParts(3, { changed: () => ({ 'split.tensors.count': typed('i32', 22) }) });
    await expect(open(more)).rejects.toThrow('its parts hold 21 tensors instead of 22');
    const asPart = (part: number) =>
      writeGguf({ 'split.no': typed('u16', part), 'split.count': typed('u16', 2) }, smallTensors.slice(0, 1));
    await expect(open([asPart(0), asPart(1)])).rejects.toThrow('stands in two parts');
    for (const [no, count] of [
      [3, 3],
      [-1, 3],
      [0, 100_000],
    ]) {
      const lying = writeGguf({ 'split.no': typed('i32', no), 'split.count': typed('i32', count) }, smallTensors);
      await expect(readHeader(bytesSource(lying))).rejects.toMatchObject({ kind: 'damaged-model' });
    }
    await expect(open([first, second, third.subarray(0, third.length - 400)])).rejects.toThrow('incomplete');
  });
});

test('a file of more than 4 GiB: offsets beyond 2^32 are read where they are', async () => {
  // A tensor that no family needs takes 4.4 GB of zeros before the others; the source holds the rest.
  const columns = 1_100_000_000;
  const gap = 4 * columns;
  const none = new Float32Array();
  const far = {
    name: 'blk.0.attn_rot_embd.weight',
    dimensions: [columns],
    type: 'F32',
    values: none,
    absent: gap,
  } as const;
  const bytes = writeGguf(smallMetadata, [far, ...smallTensors]);
  const small = bytesSource(smallLlama());
  const expected = await openModel(small);
  const dataLength = small.size - Math.min(...[...expected.header.tensors.values()].map(({ offset }) => offset));
  const start = bytes.length - dataLength;
  const source: ByteSource = {
    size: bytes.length + gap,
    async read(offset, length) {
      const piece = new Uint8Array(length);
      if (offset < start) piece.set(bytes.subarray(offset, Math.min(start, offset + length)));
      else piece.set(bytes.subarray(offset - gap, offset - gap + length));
      return piece;
    },
  };
  const model = await openModel(source);
  for (const { name, offset, bytes: length } of expected.header.tensors.values()) {
    const tensor = model.header.tensors.get(name)!;
    expect(tensor.offset).toBeGreaterThan(2 ** 32);
    expect(await source.read(tensor.offset, length)).toEqual(await small.read(offset, length));
  }
});
