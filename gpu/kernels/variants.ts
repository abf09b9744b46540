// Which variant of a kernel runs: one pure step from what the adapter can do and the shape of the work. Adapters that compute on the
// CPU (SwiftShader, llvmpipe) have few lanes and pay for loads, so they get one quad to a workgroup and rows shared within it.
import type { ComputedType } from '../gguf/ggml-types.ts';
import type { Capabilities } from '../runtime/device.ts';
import rowsPlain from './rows-plain.wgsl?raw';
import rowsQuad from './rows-quad.wgsl?raw';

/** Rows of activations are allocated in whole tiles of the larger kind. */
export const largestTile = 16;

export interface Tiling {
  /** WGSL of `rows4`: how the threads of a tile get at rows of x. */
  readonly rows4: string;
  readonly THREADS: number;
  readonly TILE_ROWS: 4 | 16;
}

/** Tiles of matrix products with `rows` rows; `columns` of four are what is there for threads side by side. */
export function chooseTiling(capabilities: Capabilities, rows: number, columns: number): Tiling {
  const quads = capabilities.software && capabilities.quads;
  const width = capabilities.software ? 4 : columns >= 64 ? 64 : columns > 16 ? 32 : 16;
  return { rows4: quads ? rowsQuad : rowsPlain, THREADS: width, TILE_ROWS: rows <= 4 ? 4 : largestTile };
}

/** Few rows leave a tile mostly empty: threads go along K instead. Not on the CPU, where their barrier costs more than the waste. */
export const chooseGemv = ({ software }: Capabilities, rows: number): boolean => !software && rows < 4;

/** Weights are unpacked to f32 once for all rows rather than in each tile. */
export const chooseUnpacking = ({ software }: Capabilities, type: ComputedType, rows: number): boolean =>
  software && type !== 'F32' && rows >= 64;

/** Threads that share a reduction along a row. */
export const chooseReduction = ({ software }: Capabilities): { THREADS: number } => ({ THREADS: software ? 4 : 64 });
