// Which model a file is, without reading all of it: SHA-256 over what its header says and samples of its weights, spread over all
// tensors. Two files that computed differently would have to agree in every sample.
import type { ByteSource } from '../api.ts';
import type { GgufHeader } from './header.ts';

const samples = 64;
const sampleBytes = 1024;

/** 64 hexadecimal digits. Throws what the source throws. */
export async function fingerprintOf(source: ByteSource, { metadata, tensors }: GgufHeader): Promise<string> {
  const all = [...tensors.values()];
  const facts = [...metadata].filter(([, value]) => typeof value !== 'object').map(([key, value]) => [key, `${value}`]);
  const shapes = all.map(({ name, type, dimensions, offset }) => [name, type, dimensions, offset]);
  const header = new TextEncoder().encode(JSON.stringify([source.size, facts, shapes]));
  const digested = new Uint8Array(header.length + samples * sampleBytes);
  digested.set(header);
  for (let i = 0; i < samples && all.length > 0; i++) {
    const { offset, bytes } = all[Math.floor((i * all.length) / samples)];
    const length = Math.min(sampleBytes, bytes);
    // Files of few tensors are sampled several times in each, at other places.
    const at = Math.floor(((bytes - length) * ((i * 37) % samples)) / samples);
    digested.set(await source.read(offset + at, length), header.length + i * sampleBytes);
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', digested));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
