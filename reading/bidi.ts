// The order in which a line of print is read where some of it runs from right to left: from places on the page back to the order of
// speech, the reverse of what Unicode's bidirectional algorithm (UAX #9) does for display. Letters within a run are in order already.
import type { Run } from './glyphs.ts';

const STRONG = /[\p{L}\p{Nd}]/u;

/** Share of a line's letters that run from right to left from which on the line does. */
const RTL_SHARE = 0.3;

/** Whether the runs, a line's, are read from the right. */
export const readsFromRight = (runs: readonly Run[]): boolean => {
  let rtl = 0;
  let all = 0;
  for (const run of runs) {
    const letters = run.text.match(/\p{L}/gu)?.length ?? 0;
    all += letters;
    if (run.rtl) rtl += letters;
  }
  return rtl > RTL_SHARE * all;
};

/** Runs of one line in the order of reading. Where none runs from right to left they are left as they are. */
export const inReadingOrder = (runs: readonly Run[]): Run[] => {
  if (!runs.some((run) => run.rtl)) return [...runs];
  const seen = [...runs].sort((a, b) => a.u0 + a.u1 - b.u0 - b.u1);
  const fromRight = readsFromRight(runs);
  if (fromRight) seen.reverse();
  // Stretches in the other direction are turned round; signs without a direction belong to such a stretch when it surrounds them.
  const against = (run: Run): boolean => run.rtl !== fromRight && STRONG.test(run.text);
  const ordered: Run[] = [];
  for (let i = 0; i < seen.length; ) {
    let end = i;
    if (against(seen[i])) {
      end = i + 1;
      for (let j = end; j < seen.length && (against(seen[j]) || !STRONG.test(seen[j].text)); j++) {
        if (against(seen[j])) end = j + 1;
      }
      ordered.push(...seen.slice(i, end).reverse());
    } else ordered.push(seen[end++]);
    i = end;
  }
  return ordered;
};
