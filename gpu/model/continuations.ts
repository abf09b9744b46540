// Many continuations of one prefix as rows of shared passes, which do not see each other (attention-softmax.wgsl says how).
import type { Pass, Row } from './pass.ts';

export interface ContinuationRow extends Row {
  continuation: number;
  index: number;
}

/**
 * All rows of all continuations, one behind the other; `own` counts from the first of them. A continuation's first row repeats the
 * prefix's last token, so that row j predicts token j, and what a row sees is the prefix without that token and its own continuation.
 */
export function continuationRows(
  prefix: readonly number[],
  continuations: readonly (readonly number[])[],
): ContinuationRow[] {
  const rows: ContinuationRow[] = [];
  continuations.forEach((ids, continuation) => {
    const own = rows.length;
    ids.forEach((target, index) => {
      const token = index === 0 ? prefix[prefix.length - 1] : ids[index - 1];
      rows.push({ token, position: prefix.length - 1 + index, own, target, continuation, index });
    });
  });
  return rows;
}

/**
 * Rows first … of the list as a pass of at most `most` rows, in slots from the end of the prefix on. A continuation that another pass
 * began keeps the slots that it had there; one that would be cut is left to the next pass, unless it fills this one.
 */
export function nextPass(rows: readonly ContinuationRow[], first: number, most: number, prefix: number): Pass {
  let until = Math.min(rows.length, first + most);
  const cut = until < rows.length && rows[until].own < until ? rows[until].own : until;
  if (cut > first) until = cut;
  const base = prefix - rows[first].own;
  return {
    rows: rows.slice(first, until).map((row) => ({ ...row, own: row.own + base })),
    start: first + base,
    prefix: prefix - 1,
  };
}
