// A question on a document beyond the window: words search all of it, and the passages that meet the question best are laid in,
// in their order. What was laid in is said by page; the rest was searched, not read.
import type { Model } from '../../gpu/api.ts';
import type { ReadDocument, Sentence, WindowPlan } from '../document.ts';
import { cutIntoParts } from '../sections.ts';
import { chosenSentences, type PlanOptions, planSentences } from '../window.ts';
import { findByWords } from '../words/evidence.ts';

export interface Excerpts {
  plan: WindowPlan;
  /** All sentences that were searched. */
  searched: Sentence[];
}

/** Tokens of a passage, and of the window that passages are laid into. */
const PASSAGE = 384;
const WINDOW = 4_096;
const RESERVE = 768;
const MOST_FOUND = 200;
/** Of English in common vocabularies; used to part passages only, never to count what is laid in. */
const CHARACTERS_PER_TOKEN = 4;

/** Throws what `planWindow` throws. */
export const excerptsFor = (
  document: ReadDocument,
  model: Model,
  question: string,
  context: string,
  options: PlanOptions = {},
): Excerpts => {
  const searched = chosenSentences(document, options.pages);
  const tokens = searched.map(({ start, end }) => Math.ceil((end - start) / CHARACTERS_PER_TOKEN) + 1);
  const passages = cutIntoParts(document, searched, tokens, PASSAGE);
  const passageOf = new Map(passages.flatMap((passage, i) => passage.map(({ index }) => [index, i] as const)));
  const found = findByWords(document, searched, question, { most: MOST_FOUND, context });
  const best = [...new Set(found.map(({ sentence }) => passageOf.get(sentence.index)!))];
  // With no word met, the beginning is as good as anything: the answer will be that the document does not say.
  const order = best.length > 0 ? best : passages.map((_, i) => i);
  const size = Math.min(options.contextLength ?? WINDOW, WINDOW);
  const chosen: number[] = [];
  let room = size - RESERVE;
  for (const passage of order) {
    const cost = passages[passage].reduce(
      (sum, { start, end }) => sum + model.tokenizer.encode(document.text.slice(start, end)).length + 1,
      0,
    );
    if (cost > room && chosen.length > 0) break;
    chosen.push(passage);
    room -= cost;
  }
  const sentences = chosen.sort((a, b) => a - b).flatMap((passage) => passages[passage]);
  const { pages: _, ...rest } = options;
  return { plan: planSentences(document, model, sentences, rest), searched };
};
