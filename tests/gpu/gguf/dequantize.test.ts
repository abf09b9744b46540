import { describe, expect, test } from 'vitest';
import { dequantize, splitQ8_0 } from '../../../gpu/gguf/dequantize.ts';
import { encodeTensor } from './write-gguf.ts';

const values = Float32Array.from({ length: 256 }, (_, i) => Math.sin(i * 1.7) * 2 ** ((i % 9) - 4));

describe('dequantize', () => {
  test('gives F32 back bit for bit, from bytes at any offset', () => {
    const bytes = encodeTensor('F32', values);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(dequantize('F32', shifted.subarray(3))).toEqual(values);
  });

  test('gives F16 back to its precision', () => {
    const got = dequantize('F16', encodeTensor('F16', values));
    values.forEach((value, i) => {
      expect(Math.abs(got[i] - value)).toBeLessThanOrEqual(Math.max(Math.abs(value) * 2 ** -11, 2 ** -25));
    });
  });

  test('reads a Q8_0 block as scale times int8', () => {
    const block = new Uint8Array(34);
    block.set([0x00, 0x38]); // 0.5
    block.set([1, 0xff, 127, 0x80], 2);
    expect([...dequantize('Q8_0', block).subarray(0, 5)]).toEqual([0.5, -0.5, 63.5, -64, 0]);
  });

  test('gives Q8_0 back to half a step of its block', () => {
    const got = dequantize('Q8_0', encodeTensor('Q8_0', values));
    for (let start = 0; start < values.length; start += 32) {
      const largest = Math.max(...values.subarray(start, start + 32).map(Math.abs));
      for (let i = start; i < start + 32; i++) {
        expect(Math.abs(got[i] - values[i])).toBeLessThanOrEqual((largest / 127) * 0.57);
      }
    }
  });

  test('splits Q8_0 into quants and scales, the same in pieces as at once', () => {
    const bytes = encodeTensor('Q8_0', values);
    const whole = splitQ8_0(bytes);
    expect(whole.quants).toHaveLength(256);
    expect(whole.scales).toHaveLength(8);
    const rebuilt = Float32Array.from(whole.quants, (quant, i) => quant * whole.scales[i >> 5]);
    expect(rebuilt).toEqual(dequantize('Q8_0', bytes));
    const parts = [bytes.subarray(0, 34 * 3), bytes.subarray(34 * 3, 34 * 4), bytes.subarray(34 * 4)].map(splitQ8_0);
    expect(parts.flatMap((part) => [...part.quants])).toEqual([...whole.quants]);
    expect(parts.flatMap((part) => [...part.scales])).toEqual([...whole.scales]);
  });

  test('refuses half a block, and formats that it does not know by their name', () => {
    expect(() => dequantize('Q8_0', new Uint8Array(33))).toThrow('damaged');
    expect(() => splitQ8_0(new Uint8Array(35))).toThrow('damaged');
    expect(() => dequantize('F32', new Uint8Array(6))).toThrow('damaged');
    expect(() => dequantize('Q4_K', new Uint8Array(144))).toThrow('This app cannot run Q4_K models yet.');
  });
});
