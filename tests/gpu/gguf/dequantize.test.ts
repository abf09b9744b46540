import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { areNumbers, dequantize } from '../../../gpu/gguf/dequantize.ts';
import { type ComputedType, computedTypes, ggmlType, isPlain } from '../../../gpu/gguf/ggml-types.ts';
import { bytesOnGpu, layouts, toPlanes } from '../../../gpu/gguf/layouts.ts';
import { encodeTensor } from './encode-tensor.ts';

const values = Float32Array.from({ length: 1024 }, (_, i) => Math.sin(i * 1.7) * 2 ** ((i % 9) - 4));

/**
 * Random blocks of every format and what the Python package gguf 0.19.0 makes of them (its numpy reference); scales are ordinary,
 * negative and subnormal.
 */
const vectors = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as Record<
  string,
  { blocks: string; values: string }
>;
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));

const types = computedTypes.filter((type) => type !== 'F32');
const quantised = computedTypes.filter((type) => !isPlain(type));

describe('dequantize', () => {
  test.each(types)('%s: to the bit what another implementation gives', (type) => {
    // Zeros lose their sign where an offset is added.
    const unsigned = (numbers: Float32Array) => numbers.map((value) => value + 0);
    const expected = new Float32Array(bytesOf(vectors[type].values).buffer);
    expect(unsigned(dequantize(type, bytesOf(vectors[type].blocks)))).toEqual(unsigned(expected));
  });

  test('gives F32 back bit for bit, from bytes at any offset', () => {
    const bytes = encodeTensor('F32', values);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(dequantize('F32', shifted.subarray(3))).toEqual(values);
  });

  // Largest error of the formats in steps of the quants, the step being what the range of 32 (or 16) values leaves for so many bits.
  test.each(quantised)('%s: what was written comes back within a step', (type) => {
    const got = dequantize(type, encodeTensor(type, values));
    const { low, high, coded, scales } = layouts[type];
    const group = scales.kind === 'grouped' ? scales.group : 32;
    const steps = coded ? 7 : 2 ** (low + high) - 1;
    for (let start = 0; start < values.length; start += group) {
      const largest = Math.max(...values.subarray(start, start + group).map(Math.abs));
      // Scales of grouped formats are rounded themselves, to 1/15 to 1/127 of the largest among 256 columns.
      const block = Math.max(...values.subarray(start & ~255, (start & ~255) + 256).map(Math.abs));
      const rounded = scales.kind === 'grouped' ? block / (scales.offsetBits === 4 ? 7 : 15) : largest / 256;
      for (let i = start; i < start + group; i++) {
        expect(Math.abs(got[i] - values[i])).toBeLessThanOrEqual((2 * largest) / steps + rounded);
      }
    }
  });

  test('refuses half a block, and formats that it does not know by their name', () => {
    for (const type of computedTypes) {
      expect(() => dequantize(type, new Uint8Array(ggmlType(type).blockBytes + 1))).toThrow('damaged');
    }
    expect(() => dequantize('IQ2_XS', new Uint8Array(74))).toThrow('This app cannot run IQ2_XS models yet.');
  });
});

describe('planes', () => {
  test.each(quantised)('%s: the same in pieces as at once', (type) => {
    const bytes = encodeTensor(type, values);
    const whole = toPlanes(type, bytes);
    const { blockBytes, blockSize } = ggmlType(type);
    const cuts = [0, 1, 3, values.length / blockSize].map((block) => block * blockBytes);
    const parts = cuts.slice(1).map((until, i) => toPlanes(type, bytes.subarray(cuts[i], until)));
    expect(parts.flatMap(({ quants }) => [...quants])).toEqual([...whole.quants]);
    expect(parts.flatMap(({ scales }) => [...scales])).toEqual([...whole.scales]);
  });

  test('take as much memory as the file, at most 6 % more', () => {
    const bits = (type: ComputedType) => {
      const { weights, scales } = bytesOnGpu(type, 4096);
      return ((weights + scales) * 8) / 4096;
    };
    const more = Object.fromEntries(
      computedTypes.map((type) => {
        const { blockBytes, blockSize } = ggmlType(type);
        return [type, Math.round((bits(type) / ((blockBytes * 8) / blockSize) - 1) * 1000) / 10];
      }),
    );
    const same = ['F32', 'F16', 'BF16', 'Q8_0', 'Q4_0', 'Q4_1', 'Q5_0', 'Q5_1', 'Q2_K', 'IQ4_NL'];
    expect(more).toEqual({
      ...Object.fromEntries(same.map((type) => [type, 0])),
      Q3_K: 5.5,
      Q4_K: 2.8,
      Q5_K: 2.3,
      Q6_K: 1,
      IQ4_XS: 2.9,
    });
    for (const type of quantised) {
      const { quants, scales } = toPlanes(type, encodeTensor(type, values));
      expect({ weights: quants.byteLength, scales: scales.byteLength }).toEqual(bytesOnGpu(type, values.length));
    }
  });
});

describe('numbers that are none', () => {
  test.each(computedTypes)('%s: NaN and infinity are found wherever a block holds a real number', (type) => {
    const good = encodeTensor(type, values);
    expect(areNumbers(type, good)).toBe(true);
    const { blockBytes } = ggmlType(type);
    const halves = isPlain(type) ? [0] : layouts[type].halves;
    for (const block of [0, 1, good.length / blockBytes - 1]) {
      for (const half of halves) {
        for (const [top, rest] of type === 'F32' || type === 'BF16'
          ? [
              [0x7f, 0x80],
              [0xff, 0xc0],
            ]
          : [
              [0x7c, 0],
              [0xfe, 0],
            ]) {
          const bad = good.slice();
          const last = block * blockBytes + half + (type === 'F32' ? 3 : 1);
          bad[last] = top;
          bad[last - 1] = rest;
          expect(areNumbers(type, bad)).toBe(false);
        }
      }
    }
  });
});
