// Many continuations of one prefix as rows of shared passes, which do not see each other (attention-softmax.wgsl says how).
import { type Pass, pieceOf, type Row } from './pass.ts';

export interface ContinuationRow extends Row {
  continuation: number;
  index: number;
  /** Where its key and value are put. */
  slot: number;
}

/**
 * All rows of all continuations, one behind the other. A continuation's first row repeats the prefix's last token, so that row j predicts
 * token j, and what a row sees is the prefix without that token and its own continuation.
 *
 * Behind the prefix there is room for `room` rows: as many whole continuations as fit share it, the next ones take it again. Who stands
 * where follows from the continuations alone, not from how passes are cut.
 */
export function continuationRows(
  prefix: readonly number[],
  continuations: readonly (readonly number[])[],
  room: number,
): ContinuationRow[] {
  let used = 0;
  return continuations.flatMap((ids, continuation) => {
    if (used + ids.length > room) used = 0;
    const own = prefix.length + used;
    used += ids.length;
    return ids.map((target, index) => {
      const token = index === 0 ? prefix[prefix.length - 1] : ids[index - 1];
      return { token, position: prefix.length - 1 + index, own, target, continuation, index, slot: own + index };
    });
  });
}

/** Rows first … of the list as a pass of at most `most` rows, which share the room behind the prefix. */
export function nextPass(rows: readonly ContinuationRow[], first: number, most: number, prefix: number): Pass {
  const { slot: start } = rows[first];
  let until = first + 1;
  while (until < rows.length && rows[until].slot === start + until - first) until++;
  return { rows: rows.slice(first, first + pieceOf(until - first, most)), start, prefix: prefix - 1 };
}
