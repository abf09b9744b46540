import { describe, expect, test } from 'vitest';
import type { ByteSource } from '../../../gpu/api.ts';
import { bytesSource } from '../../../gpu/gguf/bytes-source.ts';
import { dequantize } from '../../../gpu/gguf/dequantize.ts';
import { readHeader } from '../../../gpu/gguf/read-header.ts';
import { fixture } from '../fixtures.ts';
import { typed, writeGguf } from './write-gguf.ts';

/** Notes every range that is asked for, and can pretend to be larger than it is. */
function watched(bytes: Uint8Array<ArrayBuffer>, size = bytes.length) {
  const reads: [offset: number, length: number][] = [];
  const source: ByteSource = {
    size,
    async read(offset, length) {
      reads.push([offset, length]);
      const out = new Uint8Array(length);
      out.set(bytes.subarray(offset, offset + length));
      return out;
    },
  };
  return { source, reads };
}

describe('readHeader', () => {
  test('reads every kind of metadata', async () => {
    const { metadata, version, alignment } = await readHeader(
      bytesSource(
        writeGguf({
          text: 'Grüße, 世界 🌍',
          empty: '',
          u8: typed('u8', 255),
          i8: typed('i8', -128),
          u16: typed('u16', 65535),
          i16: typed('i16', -32768),
          u32: typed('u32', 4294967295),
          i32: typed('i32', -2147483648),
          f32: typed('f32', 0.5),
          f64: typed('f64', Math.PI),
          yes: true,
          no: false,
          u64: typed('u64', Number.MAX_SAFE_INTEGER),
          huge: typed('u64', 2n ** 64n - 1n),
          i64: typed('i64', -5),
          strings: ['a', '', '\ufeffb', 'a rather longer string, of more than sixteen bytes', 'ä'],
          integers: [1, -2, 3],
          reals: typed('array', { type: 'f32', items: [1, 0.5] }),
          longs: typed('array', { type: 'u64', items: [1, 2 ** 40] }),
          bools: typed('array', { type: 'bool', items: [1, 0] }),
        }),
      ),
    );
    expect(version).toBe(3);
    expect(alignment).toBe(32);
    expect(Object.fromEntries(metadata)).toEqual({
      text: 'Grüße, 世界 🌍',
      empty: '',
      u8: 255,
      i8: -128,
      u16: 65535,
      i16: -32768,
      u32: 4294967295,
      i32: -2147483648,
      f32: 0.5,
      f64: Math.PI,
      yes: true,
      no: false,
      u64: Number.MAX_SAFE_INTEGER,
      huge: 2n ** 64n - 1n,
      i64: -5,
      strings: ['a', '', '\ufeffb', 'a rather longer string, of more than sixteen bytes', 'ä'],
      integers: Int32Array.of(1, -2, 3),
      reals: Float32Array.of(1, 0.5),
      longs: Float64Array.of(1, 2 ** 40),
      bools: Uint8Array.of(1, 0),
    });
  });

  test.each([32, 64, 4096])('finds tensors at alignment %i', async (alignment) => {
    const first = Float32Array.from({ length: 32 }, (_, i) => i - 7);
    const second = Float32Array.from({ length: 96 }, (_, i) => Math.cos(i));
    const bytes = writeGguf({ 'general.alignment': alignment }, [
      { name: 'first', dimensions: [32], type: 'Q8_0', values: first },
      { name: 'second', dimensions: [32, 3], type: 'F32', values: second },
    ]);
    const { tensors } = await readHeader(bytesSource(bytes));
    const tensor = tensors.get('second')!;
    expect(tensor).toMatchObject({ type: 'F32', dimensions: [32, 3], bytes: 384 });
    expect(tensor.offset % alignment).toBe(0);
    expect(dequantize('F32', bytes.subarray(tensor.offset, tensor.offset + tensor.bytes))).toEqual(second);
    expect(tensors.get('first')!.bytes).toBe(34);
  });

  test('reads only the beginning of a large file, in ranges that follow each other', async () => {
    const tokens = Array.from({ length: 200_000 }, (_, i) => `token${i}`);
    const bytes = writeGguf({ tokens }, [{ name: 'w', dimensions: [4], type: 'F32', values: new Float32Array(4) }]);
    const { source, reads } = watched(bytes, 40e9);
    const { metadata } = await readHeader(source);
    expect((metadata.get('tokens') as string[]).at(-1)).toBe('token199999');
    expect(reads.length).toBeGreaterThan(3);
    const read = reads.reduce((sum, [, length]) => sum + length, 0);
    expect(read).toBeLessThan(bytes.length * 3);
    expect(Math.max(...reads.map(([, length]) => length))).toBeLessThanOrEqual(4 * 2 ** 20);
  });

  test('gives the same header whatever piece a value falls into', async () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 400 }, (_, i) => [`key${i}`, i % 3 ? 'x'.repeat((i * 37) % 3000) : [`${i}`, 'yz']]),
    );
    const got = await readHeader(bytesSource(writeGguf(metadata)));
    expect(Object.fromEntries(got.metadata)).toEqual(metadata);
  });

  test('allows tensors that share bytes', async () => {
    const values = new Float32Array(8);
    const bytes = writeGguf({}, [
      { name: 'a', dimensions: [8], type: 'F32', values },
      { name: 'b', dimensions: [8], type: 'F32', values },
    ]);
    // The offset of b is the last u64 of the header.
    const header = await readHeader(bytesSource(bytes));
    const view = new DataView(bytes.buffer);
    const at = bytes.findIndex((_, i) => i > 24 && view.getUint8(i) === 0x62 && view.getUint8(i + 1) === 1) + 17;
    expect(view.getUint32(at, true)).toBe(32);
    view.setUint32(at, 0, true);
    const shared = await readHeader(bytesSource(bytes));
    expect(shared.tensors.get('b')!.offset).toBe(header.tensors.get('a')!.offset);
  });

  test('says how much of a cut file is there', async () => {
    const bytes = writeGguf({}, [{ name: 'w', dimensions: [300_000], type: 'F32', values: new Float32Array(300_000) }]);
    await expect(readHeader(bytesSource(bytes.subarray(0, 400_000)))).rejects.toMatchObject({
      kind: 'damaged-model',
      message: 'The model file is incomplete (0.4 of 1.2 MB). Download it again.',
    });
    await expect(readHeader(bytesSource(bytes.subarray(0, bytes.length - 1)))).rejects.toThrow(
      /incomplete \(1\.2\d+ of/,
    );
    await expect(readHeader(bytesSource(bytes.subarray(0, 30)))).rejects.toThrow('incomplete (only 30 bytes)');
    await expect(readHeader(bytesSource(bytes.subarray(0, 3)))).rejects.toThrow('incomplete (only 3 bytes)');
  });

  test('passes on what the source says when it fails', async () => {
    const source: ByteSource = { size: 1000, read: async () => Promise.reject(new Error('unplugged')) };
    await expect(readHeader(source)).rejects.toThrow('unplugged');
  });

  test('reads real headers with large vocabularies', async ({ skip }) => {
    const bytes = fixture('vocabs/ggml-vocab-llama-bpe.gguf');
    if (!bytes) return skip('../shared/fixtures is not beside the repository');
    const { metadata } = await readHeader(bytesSource(bytes));
    expect(metadata.get('tokenizer.ggml.tokens')).toHaveLength(128_256);
    expect(metadata.get('tokenizer.ggml.merges')).toHaveLength(280_147);
  });
});
