// What shaders only read, laid row by row into a texture instead of a buffer. Llvmpipe reads a storage buffer lane by lane, each with its
// own comparisons, and a storage texture with vector instructions: less than half the time for the same numbers (tests/bench/RESULTS.md).
import { usage } from './usage.ts';

/** Texels in a row of the texture: texel i lies at (i % texelsAcross, i / texelsAcross), as the shaders say, too. */
const texelsAcross = 4096;
/** Rows of a texture that every device offers. */
const mostRows = 8192;

const formats = { 8: 'rg32uint', 16: 'rgba32uint' } as const;

/** Bytes of a texel. */
export type TexelBytes = keyof typeof formats;

/** Bytes that a texture of any texels can hold. */
export const mostTexelBytes = mostRows * texelsAcross * 8;

/** What a texture for so many bytes takes. */
export const textureBytes = (bytes: number, texel: TexelBytes): number =>
  Math.max(1, Math.ceil(bytes / texel / texelsAcross)) * texelsAcross * texel;

export const createTexels = (device: GPUDevice, label: string, bytes: number, texel: TexelBytes): GPUTexture =>
  device.createTexture({
    label,
    size: [texelsAcross, textureBytes(bytes, texel) / texelsAcross / texel],
    format: formats[texel],
    usage: usage.textureCopySource | usage.textureCopyTarget | usage.textureStorage,
  });

interface Span {
  readonly origin: [x: number, y: number];
  readonly size: [width: number, height: number];
  /** Bytes before it. */
  readonly from: number;
  readonly bytesPerRow: number;
}

/** The rectangles that bytes from `offset` on, whole texels, lie in: the rest of a row, whole rows, the beginning of one. */
function* spansOf({ format }: GPUTexture, offset: number, bytes: number): Generator<Span> {
  const texel = format === formats[8] ? 8 : 16;
  const first = offset / texel;
  const end = first + bytes / texel;
  for (let at = first; at < end; ) {
    const x = at % texelsAcross;
    const rows = x === 0 ? Math.floor((end - at) / texelsAcross) : 0;
    const size: Span['size'] = [rows > 0 ? texelsAcross : Math.min(texelsAcross - x, end - at), Math.max(1, rows)];
    yield {
      origin: [x, Math.floor(at / texelsAcross)],
      size,
      from: (at - first) * texel,
      bytesPerRow: texelsAcross * texel,
    };
    at += size[0] * size[1];
  }
}

export function writeTexels(
  queue: GPUQueue,
  texture: GPUTexture,
  at: number,
  data: ArrayBufferView<ArrayBuffer>,
): void {
  for (const { origin, size, from, bytesPerRow } of spansOf(texture, at, data.byteLength))
    queue.writeTexture({ texture, origin }, data.buffer, { offset: data.byteOffset + from, bytesPerRow }, size);
}

export function copyTexels(
  encoder: GPUCommandEncoder,
  texture: GPUTexture,
  at: number,
  to: GPUBuffer,
  bytes: number,
): void {
  for (const { origin, size, from, bytesPerRow } of spansOf(texture, at, bytes))
    encoder.copyTextureToBuffer({ texture, origin }, { buffer: to, offset: from, bytesPerRow }, size);
}
