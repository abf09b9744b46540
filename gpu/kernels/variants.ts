// Which variant of a kernel runs: one pure step from what the adapter can do, the shape of the work and the number format.
//
// subgroup   adapters that compute on the processor (SwiftShader, llvmpipe): loads cost more than arithmetic and there are few lanes,
//            so a workgroup is one subgroup, whose lanes share what they load
// workgroup  graphics cards: tiles in workgroup memory
// plain      whatever is left: nothing is shared
import { type ComputedType, isPlain } from '../gguf/ggml-types.ts';
import type { Capabilities } from '../runtime/adapter.ts';
import acrossSubgroup from './across-subgroup.wgsl?raw';
import acrossWorkgroup from './across-workgroup.wgsl?raw';
import rowsEight from './rows-eight.wgsl?raw';
import rowsPlain from './rows-plain.wgsl?raw';
import rowsQuad from './rows-quad.wgsl?raw';
import tile from './tile.wgsl?raw';
import tileAlong from './tile-along.wgsl?raw';
import tileStationary from './tile-stationary.wgsl?raw';
import tileWorkgroup from './tile-workgroup.wgsl?raw';
import totalSubgroup from './total-subgroup.wgsl?raw';
import totalWorkgroup from './total-workgroup.wgsl?raw';

/** Rows of activations are allocated in whole tiles of this many. */
export const largestTile = 16;

/** Rows of a product in whole tiles: low ones for few. */
export const wholeTiles = (rows: number): number => (rows <= 4 ? 4 : Math.ceil(rows / largestTile) * largestTile);

export type Tier = 'subgroup' | 'workgroup' | 'plain';

/** Bytes of workgroup memory that tile-workgroup.wgsl takes. */
const workgroupBytes = 16 * 4 * (64 + 65);

export function chooseTier({ software, lanes, workgroupMemory }: Capabilities): Tier {
  if (software) return lanes > 0 ? 'subgroup' : 'plain';
  return workgroupMemory >= workgroupBytes ? 'workgroup' : 'plain';
}

type Constants = Readonly<Record<string, number | string>>;

/** A matrix product by tiles: what is joined with the shader that says what is multiplied, and what one workgroup computes. */
export interface Tiling {
  readonly parts: readonly string[];
  readonly constants: Constants;
  readonly rows: number;
  /** In fours. */
  readonly columns: number;
  /** K is read in whole stretches of so many steps of four, */
  readonly stretch: number;
  /** by so many rows together, as far as one of them needs it. */
  readonly abreast: number;
}

/** Rows from which on it pays to load what is on the right for all of them beforehand. */
const manyRows = 64;
/** Steps of K that are loaded at once: all of a head of 32, or a part of something longer; 0 where K is no whole number of them. */
const stretchOf = (steps: number): number => (steps === 8 ? 8 : steps > 0 && steps % 16 === 0 ? 16 : 0);

function stationaryTiling(steps: number, GROUPS: number): Tiling {
  const STEPS = stretchOf(steps);
  const [THREADS, TILE_ROWS, LONG] = [4, 128, Number(steps > STEPS)];
  return {
    parts: [tileStationary],
    constants: { THREADS, TILE_ROWS, GROUPS, STEPS, LONG },
    rows: TILE_ROWS,
    columns: THREADS * GROUPS,
    stretch: STEPS,
    abreast: 1,
  };
}

function registerTiling(sharing: string, THREADS: number, TILE_ROWS: number, GROUPS: number): Tiling {
  const constants = { THREADS, TILE_ROWS, GROUPS };
  const columns = THREADS * GROUPS;
  return { parts: [sharing, tile], constants, rows: TILE_ROWS, columns, stretch: 1, abreast: TILE_ROWS };
}

function workgroupTiling(ROWS: 4 | 8, half: boolean): Tiling {
  const GROUPS = ROWS / 4;
  const parts = half ? ['enable f16;', tileWorkgroup] : [tileWorkgroup];
  const constants = { ROWS, GROUPS, Staged: half ? 'vec4h' : 'vec4f' };
  return { parts, constants, rows: 8 * ROWS, columns: 8 * GROUPS, stretch: 1, abreast: 8 * ROWS };
}

/**
 * Tiles of a product with `rows` rows and `columns` columns in fours over `steps` of K in fours; `half`: the right side is in half
 * precision anyway; `alone`: the rows are one token's. All tilings but those for a token alone add up in the same order: bits do not depend on how many are in a pass.
 */
export function chooseTiling(
  capabilities: Capabilities,
  rows: number,
  columns: number,
  { half = false, alone = false, steps = 0 } = {},
): Tiling {
  const tier = chooseTier(capabilities);
  const height = rows <= 4 ? 4 : 16;
  if (tier === 'subgroup') {
    const { lanes } = capabilities;
    // SwiftShader gains a seventh from two groups, llvmpipe loses as much.
    const groups = lanes === 4 && height === 16 && (columns % 8 === 0 || columns >= 32) ? 2 : 1;
    if (lanes === 4 && rows >= manyRows && stretchOf(steps) > 0) return stationaryTiling(steps, groups);
    return registerTiling(lanes === 4 ? rowsQuad : rowsEight, lanes, height, groups);
  }
  if (tier === 'workgroup' && !alone)
    return workgroupTiling(rows > 32 && columns > 8 ? 8 : 4, half && capabilities.half);
  if (tier === 'workgroup' && height === 4 && columns <= 64)
    return { parts: [tileAlong], constants: {}, rows: height, columns: 16, stretch: 1, abreast: height };
  const width = capabilities.software ? 4 : columns >= 64 ? 64 : columns > 16 ? 32 : 16;
  return registerTiling(rowsPlain, width, height, 1);
}

/** How the product of one row, which would leave a tile mostly empty, goes along K: in another order of sums than tiles have. */
export interface Along {
  /** WGSL of `total`. */
  readonly total: string;
  readonly LANES: number;
  /** A workgroup's columns lie an eighth of the matrix apart (gemv-rows.wgsl). */
  readonly spread: boolean;
  /** Threads take whole groups of quants that share a scale. */
  readonly sharesScales: boolean;
}

const alongCard: Along = { total: totalWorkgroup, LANES: 64, spread: false, sharesScales: false };

/** Undefined where a tile is better. */
export function chooseAlong({ software, lanes }: Capabilities, rows: number): Along | undefined {
  if (rows > 1) return undefined;
  if (!software) return alongCard;
  return lanes > 0 ? { total: totalSubgroup, LANES: lanes, spread: true, sharesScales: true } : undefined;
}

/**
 * Weights are unpacked to f32 once for many rows rather than in each tile: on SwiftShader, and on llvmpipe what does not lie in textures
 * anyway.
 */
export const choosesUnpacking = ({ software, lanes, texels }: Capabilities, type: ComputedType): boolean =>
  software && (texels ? !isPlain(type) : lanes !== 8 && type !== 'F32');

export const chooseUnpacking = (capabilities: Capabilities, type: ComputedType, rows: number): boolean =>
  choosesUnpacking(capabilities, type) && rows >= 64;

/** How threads share a reduction along a row: WGSL of `across`, and how many they are, one subgroup of a processor's lanes. */
export const chooseReduction = ({ software, lanes }: Capabilities): { across: string; THREADS: number } => ({
  across: software && lanes > 0 ? acrossSubgroup : acrossWorkgroup,
  THREADS: software ? Math.max(4, lanes) : 64,
});
