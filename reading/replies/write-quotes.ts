// Quotations chosen by a model that can write: it is asked to copy sentences and its decoding is constrained to those that there
// are (quote-trie.ts), with no part of the document preferred too much and nothing said twice.
import type { Engine } from '../../gpu/api.ts';
import { type ReadDocument, sentenceText } from '../document.ts';
import { type Section, sectionAt } from '../sections.ts';
import { type Candidate, FIFTHS, LARGEST_SHARE } from '../words/candidates.ts';
import { cosine, TOO_ALIKE } from '../words/search.ts';
import { QuoteWalk, quoteProcessor } from './quote-trie.ts';
import { add, type RankOptions, type RunReport } from './rank.ts';

export interface WriteQuotesOptions extends RankOptions {
  count: number;
  /** Of the sentences, the least that it must choose before it may end. */
  least?: number;
  /** Each of them gives its share; no fifth of the document too much when absent. */
  sections?: readonly Section[];
}

/** Tokens decoded between two looks at the walk; a sentence is known after far fewer. */
const MOST_DECODED = 64;

/**
 * Up to `count` of the candidates, as the model chooses them after `prompt`, in its order (stage `write`, in sentences). Rejects
 * with the signal's reason when stopped.
 */
export const writeQuotes = async (
  engine: Engine,
  document: ReadDocument,
  prompt: readonly number[],
  candidates: readonly Candidate[],
  { count, least = Math.min(3, count), sections, onProgress, signal }: WriteQuotesOptions,
  report: RunReport,
): Promise<Candidate[]> => {
  const byIndex = new Map(candidates.map((candidate) => [candidate.sentence.index, candidate]));
  const walk = new QuoteWalk(
    engine.tokenizer,
    candidates.map(({ sentence }) => [sentence.index, sentenceText(document, sentence)] as const),
  );
  const partOf = ({ place, sentence }: Candidate): number =>
    sections ? sectionAt(sections, sentence.index) : Math.min(FIFTHS - 1, Math.floor(place * FIFTHS));
  const even = 1 / Math.max(1, new Set(candidates.map(partOf)).size);
  // Candidates of one part of a longer document may all stand in one fifth of it.
  const share = sections ? even : Math.max(LARGEST_SHARE, even);
  const most = Math.max(1, Math.ceil(share * count));
  const mayEnd = (): boolean => walk.chosen.length >= least;
  const processors = [quoteProcessor(walk, engine.tokenizer.endTokens, mayEnd)];
  const ids = [...prompt];
  const began = performance.now();
  let decoded = 0;
  const take = (id: number): void => {
    ids.push(id);
    const sentence = walk.advance(id);
    if (sentence === undefined) return;
    leaveOutLike(walk, byIndex, most, partOf);
    onProgress?.({ stage: 'write', done: walk.chosen.length, total: count });
  };
  while (walk.chosen.length < count && !walk.exhausted) {
    signal?.throwIfAborted();
    if (!(walk.atStart && mayEnd())) for (const id of walk.forced()) take(id);
    if (walk.atStart && !mayEnd() && walk.chosen.length < count && walk.forced().length > 0) continue;
    if (walk.chosen.length >= count || walk.exhausted) break;
    if (ids.length + MOST_DECODED >= engine.contextLength) break;
    let ended = true;
    for await (const { id } of engine.generate(ids, { maxTokens: MOST_DECODED, processors, signal })) {
      decoded++;
      take(id);
      ended = false;
      // What has no alternative is laid in at once instead of being decoded.
      if (walk.atStart || walk.forced().length > 0) break;
    }
    if (ended) break;
  }
  add(report, { decodeMs: performance.now() - began, decodeTokens: decoded });
  return walk.chosen.map((index) => byIndex.get(index)!);
};

/** Takes out of the walk what says the same as the last sentence, and a part of the document that has given its share. */
const leaveOutLike = (
  walk: QuoteWalk,
  byIndex: ReadonlyMap<number, Candidate>,
  most: number,
  partOf: (candidate: Candidate) => number,
): void => {
  const last = byIndex.get(walk.chosen.at(-1)!)!;
  const part = partOf(last);
  const full = walk.chosen.filter((index) => partOf(byIndex.get(index)!) === part).length >= most;
  for (const [index, candidate] of byIndex)
    if ((full && partOf(candidate) === part) || cosine(candidate.vector, last.vector) > TOO_ALIKE) walk.remove(index);
};
