// Which pages the reply on show quotes, and how often. Pure.
import { answers, type State, shownSummary } from '../state.ts';

/** By page: citations of the summary on show, or of the answers. */
export function citedPages(state: State): ReadonlyMap<number, number> {
  const summary = shownSummary(state);
  const runs = state.tab === 'ask' ? answers(state) : summary ? [summary] : [];
  const counts = new Map<number, number>();
  for (const { reply } of runs)
    for (const { citations } of reply.sentences)
      for (const { page } of citations) counts.set(page, (counts.get(page) ?? 0) + 1);
  return counts;
}
