// A verbatim summary: the document is in the window, words preselect candidates from all of it, the model points at those that sum it
// up or says how likely each is as the summary of what it has read, and the best that do not repeat one another are quoted in order.
import type { Engine, Tokenizer } from '../../gpu/api.ts';
import type { ReadDocument, Reply, ReplyMode, Sentence, StageProgress, WindowPlan } from '../document.ts';
import { type PromptFormat, promptFormat } from '../prompt.ts';
import { type Section, sectionAt, sectionsOf } from '../sections.ts';
import { type Candidate, choose, preselect } from '../words/candidates.ts';
import { standardize } from '../words/search.ts';
import { quoteSentence } from './quote.ts';
import {
  add,
  type Chooser,
  fillWindow,
  isEngine,
  pointAt,
  type RankOptions,
  type RunReport,
  readsHeads,
  replyOf,
  scoreCandidates,
  type WritingOptions,
} from './rank.ts';
import { writeQuotes } from './write-quotes.ts';

export type SummaryLength = 'short' | 'medium' | 'long';

export interface SummaryOptions extends WritingOptions {
  /** Sentences of the summary; by `length` and the document's own when absent. */
  sentences?: number;
  length?: SummaryLength;
  /** `quotes` when absent. */
  mode?: ReplyMode;
  /** Sums up each section by itself, where the document has headings. */
  bySection?: boolean;
  /** What the summary is for: "for a lawyer", "the risks". */
  purpose?: string;
  onProgress?: (progress: StageProgress) => void;
  signal?: AbortSignal;
  /** Time that reading the PDF took, for the receipt. */
  extractMs?: number;
}

/** Tokens. */
const LONGEST_QUOTE = 400;
/** Candidates that the model scores, and how many where it runs on the processor. */
const CANDIDATES = 40;
const CANDIDATES_SOFTWARE = 24;
/**
 * What the model's view counts beside the words' (preselect); at 0 it is not asked. Where Longleaf Sprig points: fitted by `npm run
 * bench -- replies "" pointer`, which prints the number that belongs here. For models that do not point, how likely a sentence is.
 */
export const MODEL_WEIGHTS = { pointer: 0, likelihood: 0.25 };

/** Whether words alone choose a summary's sentences: this model's view counts nothing, so that nothing need be read into it. */
export const wordsChoose = (tokenizer: Tokenizer): boolean => {
  const { task, pointer } = promptFormat(tokenizer);
  return !task && pointer !== undefined && MODEL_WEIGHTS.pointer === 0;
};

/** The document must be the one that `plan` was made of. Rejects with the signal's reason when stopped. */
export const summarize = async (
  engine: Chooser,
  document: ReadDocument,
  plan: WindowPlan,
  options: SummaryOptions = {},
): Promise<Reply> => {
  const report: RunReport = { extractMs: options.extractMs ?? 0 };
  const count = options.sentences ?? usualLength(document, options);
  const slow = isEngine(engine) && engine.adapter.software;
  const most = Math.max(count, slow ? CANDIDATES_SOFTWARE : CANDIDATES);
  const sections = options.bySection ? sectionsOf(document) : undefined;
  const chosen = await chooseQuotes(engine, document, plan, { ...options, count, most, sections }, report);
  return {
    kind: 'summary',
    found: chosen.length > 0,
    ...(options.purpose && { purpose: options.purpose }),
    sentences: chosen.map(({ sentence }) => ({
      ...quoteSentence(document, sentence),
      ...(sections && { section: sections[sectionAt(sections, sentence.index)].title }),
    })),
    ...replyOf(engine, plan.receipt, report),
  };
};

export interface ChoiceOptions extends Pick<SummaryOptions, 'purpose' | 'onProgress' | 'signal'> {
  count: number;
  /** Sentences that the model weighs; one that was trained to point looks at all of them at once. */
  most: number;
  /** Sentences only that can stand alone, even where there is none. */
  wholeOnly?: boolean;
  /** Each of them is given its share. */
  sections?: readonly Section[];
  /** What the plan is a part of. */
  whole?: readonly Sentence[];
}

/** Up to `count` sentences of the plan, in order, of `most` that the model weighs. Adds what it took to `report`. */
export const chooseQuotes = async (
  engine: Chooser,
  document: ReadDocument,
  plan: WindowPlan,
  options: ChoiceOptions,
  report: RunReport,
): Promise<Candidate[]> => {
  await fillWindow(engine, plan.ids, report, options);
  // Whoever waits for words alone can stop between two parts.
  if (!isEngine(engine)) await new Promise<void>((resume) => setTimeout(() => resume(), 0));
  options.signal?.throwIfAborted();
  const began = performance.now();
  const format = promptFormat(engine.tokenizer);
  const room = engine.contextLength - plan.ids.length - format.summary.length;
  if (format.task && isEngine(engine)) return chooseByWriting(engine, document, plan, options, report);
  const most = format.pointer === undefined ? options.most : Number.POSITIVE_INFINITY;
  const candidates = preselect(document, plan, { ...options, room, most });
  const total = await weigh(engine, plan, candidates, options);
  const chosen = choose(candidates, total, options.count, options.sections);
  add(report, { rankMs: performance.now() - began });
  return chosen.sort((a, b) => a.sentence.start - b.sentence.start);
};

/** The words' scores with the model's view added, where it has one that counts: where it points, else how likely it is to write each. */
const weigh = async (
  engine: Chooser,
  plan: WindowPlan,
  candidates: readonly Candidate[],
  options: RankOptions,
): Promise<number[]> => {
  if (!isEngine(engine)) return candidates.map(({ prior }) => prior);
  const format = promptFormat(engine.tokenizer);
  const prompt = [...plan.ids, ...format.summary];
  if (format.pointer === undefined) {
    const ids = candidates.map(quoteOf(plan, format));
    return combine(candidates, await scoreCandidates(engine, prompt, ids, options), MODEL_WEIGHTS.likelihood);
  }
  if (MODEL_WEIGHTS.pointer === 0 || !readsHeads(engine)) return candidates.map(({ prior }) => prior);
  const spans = candidates.map(({ span }) => span);
  return combine(candidates, await pointAt(engine, prompt, spans, format.pointer, options), MODEL_WEIGHTS.pointer);
};

/** Ids of a candidate as it would be quoted. */
export const quoteOf =
  ({ ids }: WindowPlan, { quote }: PromptFormat) =>
  ({ span }: Candidate): number[] =>
    ids.slice(quote === undefined ? span.start : span.start - 1, span.end);

/** The words' score of each candidate and `weight` times the model's view, standardised. */
export const combine = (candidates: readonly Candidate[], view: readonly number[], weight: number): number[] => {
  const standardized = standardize(view);
  return candidates.map(({ prior }, i) => prior + weight * standardized[i]);
};

/** A model that can write copies sentences itself, held to those of the document. */
const chooseByWriting = async (
  engine: Engine,
  document: ReadDocument,
  plan: WindowPlan,
  options: ChoiceOptions,
  report: RunReport,
): Promise<Candidate[]> => {
  const { count, purpose } = options;
  const all = preselect(document, plan, { ...options, room: LONGEST_QUOTE, most: Number.POSITIVE_INFINITY });
  const aim = purpose ? `, for this purpose: ${purpose}` : '';
  const { ids } = promptFormat(engine.tokenizer).task!(
    `Copy the ${count} sentences of the document that sum it up best${aim}, word for word and from all of its parts, each on a line that begins with "- ". Write nothing else.`,
  );
  const chosen = await writeQuotes(engine, document, [...plan.ids, ...ids], all, options, report);
  return chosen.sort((a, b) => a.sentence.start - b.sentence.start);
};

/** Sentences of a summary when nothing is said of their number; by section a few for each. */
export const usualLength = (document: ReadDocument, { length = 'medium', bySection }: SummaryOptions = {}): number => {
  const { words } = document;
  if (bySection) return sectionsOf(document).length * { short: 1, medium: 2, long: 4 }[length];
  const medium = words < 1_500 ? 5 : words < 6_000 ? 6 : words < 15_000 ? 7 : 8;
  return { short: 3, medium, long: 2 * medium }[length];
};
