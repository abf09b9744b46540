// Models that were split over several files (name-00001-of-00003.gguf): each file is a GGUF of its own, with its tensors and the keys
// `split.no`, `split.count` and `split.tensors.count`; the first has all other metadata. The parts become one source whose bytes lie
// one behind the other, so that nothing but the header's reader knows of them.
import { type ByteSource, EngineError } from '../api.ts';
import type { GgufHeader, GgufTensor } from './header.ts';
import { damaged, shown } from './refusals.ts';

/** More parts than any model has. */
const mostParts = 1000;

/** `missing` are names of files. */
export function partsMissing([first, ...others]: readonly string[], beside: string): EngineError {
  const which = others.length === 0 ? `${first} is` : `${first} and ${others.length} more are`;
  const message = `This model is incomplete: ${which} missing. Put all parts beside ${beside}.`;
  return new EngineError('damaged-model', message);
}

/** One source of all parts, in their order. */
export function joinParts(parts: readonly ByteSource[]): ByteSource {
  const starts = startsOf(parts);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  return {
    size,
    parts,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > size) {
        throw new RangeError(`bytes ${offset} to ${offset + length} of ${size}`);
      }
      const first = parts.findIndex((part, i) => offset < starts[i] + part.size);
      if (first < 0) return new Uint8Array(0);
      const within = offset - starts[first];
      const here = Math.min(length, parts[first].size - within);
      // Tensors lie in one part each.
      if (here === length) return parts[first].read(within, length);
      const bytes = new Uint8Array(length);
      bytes.set(await parts[first].read(within, here));
      bytes.set(await this.read(offset + here, length - here), here);
      return bytes;
    },
    async expectUnchanged() {
      for (const part of parts) await part.expectUnchanged?.();
    },
  };
}

function startsOf(parts: readonly ByteSource[]): number[] {
  let start = 0;
  return parts.map(({ size }) => {
    start += size;
    return start - size;
  });
}

/** The headers of all parts, each of which was read by itself, as one. Throws 'damaged-model' when they do not belong together. */
export function joinHeaders(headers: readonly GgufHeader[], parts: readonly ByteSource[]): GgufHeader {
  const [{ metadata, version, alignment }] = headers;
  const starts = startsOf(parts);
  const tensors = new Map<string, GgufTensor>();
  headers.forEach((header, i) => {
    const { no, count } = splitOf(header);
    if (count !== parts.length) throw damaged(`it has ${count} parts and ${parts.length} were found`);
    if (no !== i) throw damaged(`what is named part ${i + 1} is part ${no + 1}`);
    for (const tensor of header.tensors.values()) {
      if (tensors.has(tensor.name)) throw damaged(`the tensor ${shown(tensor.name)} stands in two parts`);
      tensors.set(tensor.name, { ...tensor, offset: starts[i] + tensor.offset });
    }
  });
  const promised = metadata.get('split.tensors.count');
  if (promised !== undefined && promised !== tensors.size) {
    throw damaged(`its parts hold ${tensors.size} tensors instead of ${shown(String(promised))}`);
  }
  return { version, metadata, tensors, alignment };
}

/** Which part of how many a file is; 0 of 1 for a whole model. */
export function splitOf({ metadata }: Pick<GgufHeader, 'metadata'>): { no: number; count: number } {
  const no = metadata.get('split.no') ?? 0;
  const count = metadata.get('split.count') ?? 1;
  const whole = (value: unknown, most: number): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
  if (!whole(count, mostParts)) throw damaged(`split.count is ${shown(String(count))}`);
  if (!whole(no, Math.max(0, count - 1))) throw damaged(`split.no is ${shown(String(no))}`);
  return { no, count: Math.max(1, count) };
}

/** A part that came alone. */
export const alone = (no: number, count: number): EngineError =>
  new EngineError(
    'damaged-model',
    `This file is part ${no + 1} of ${count} of a model. All parts are needed together: choose or drop all of them, or put them into one folder.`,
  );
