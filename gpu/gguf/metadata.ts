// Numbers of a model from its metadata, each within bounds: a file chooses them, so every one may lie. Keys are those of one
// architecture: `block_count` of a llama is "llama.block_count".
import type { MetadataValue } from './header.ts';
import { damaged, shown, unsupportedWith } from './refusals.ts';

export type Metadata = ReadonlyMap<string, MetadataValue>;

export interface Fields {
  has(key: string): boolean;
  /** A whole number from 1 to `most`; throws 'damaged-model' when it is missing and there is no `otherwise`. */
  whole(key: string, most: number, otherwise?: number): number;
  /** A number from `least` to `most`; likewise. */
  real(key: string, least: number, most: number, otherwise?: number): number;
  flag(key: string, otherwise: boolean): boolean;
  text(key: string): string | undefined;
  /** The key as it stands in the file. */
  name(key: string): string;
}

export function fieldsOf(metadata: Metadata, architecture: string): Fields {
  const full = (key: string) => `${architecture}.${key}`;
  const number = (key: string, otherwise: number | undefined, fits: (value: number) => boolean): number => {
    const value = metadata.get(full(key)) ?? otherwise;
    if (value === undefined) throw damaged(`${full(key)} is missing`);
    if (typeof value === 'object') throw unsupportedWith(`a different ${full(key)} in every layer`);
    if (typeof value !== 'number' || !fits(value)) throw damaged(`${full(key)} is ${shown(String(value))}`);
    return value;
  };
  return {
    name: full,
    has: (key) => metadata.has(full(key)),
    whole: (key, most, otherwise) =>
      number(key, otherwise, (value) => Number.isInteger(value) && value >= 1 && value <= most),
    real: (key, least, most, otherwise) => number(key, otherwise, (value) => value >= least && value <= most),
    flag(key, otherwise) {
      const value = metadata.get(full(key)) ?? otherwise;
      if (typeof value !== 'boolean') throw damaged(`${full(key)} is neither true nor false`);
      return value;
    },
    text(key) {
      const value = metadata.get(full(key));
      if (value !== undefined && typeof value !== 'string') throw damaged(`${full(key)} is no text`);
      return value;
    },
  };
}
