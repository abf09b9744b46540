// The window, planned before anything is read in: which pages go in, how many tokens they are, and the smallest factor of
// Position Interpolation (arXiv 2306.15595) that makes room for them. What does not fit is said, never cut.
import type { Model, ModelInfo } from '../gpu/api.ts';
import {
  type ReadDocument,
  ReadingError,
  type Sentence,
  sameParagraph,
  sentenceText,
  type WindowChoice,
  type WindowPlan,
  type WindowReceipt,
} from './document.ts';
import { type PromptFormat, promptFormat } from './prompt.ts';
import { cutIntoParts, type Section, sectionAt } from './sections.ts';

export interface PlanOptions {
  /** Physical page ranges, both ends included; all pages when absent. */
  pages?: [number, number][];
  /** Instead of the smallest one that is enough. */
  ropeFactor?: number;
  /** Most tokens that the window may hold. */
  contextLength?: number;
  /** Tokens kept free for the task and for what is quoted or written. */
  reserve?: number;
}

export const LARGEST_WINDOW = 32_768;
export const RESERVE = 768;
/** The same for one part of a longer document. */
const PART_RESERVE = 384;
/** Windows grow in steps of this many tokens, so that documents of about one size share an engine. */
const STEP = 2_048;
/** By which windows are stretched. */
export const FACTORS: readonly number[] = [1, 2, 4, 8, 16];
/** A part of a longer document is read in a window within what the model was trained on, where it is best, of at most this size. */
const LARGEST_PART = 8_192;
const SMALLEST_PART = 1_024;

/**
 * Throws ReadingError `bad-pages`, `no-text` or, with the choice that there is, `window-full`. The factor follows from the chosen
 * pages alone, not from the task, so that a summary and all questions share one KV cache.
 */
export const planWindow = (document: ReadDocument, model: Model, options: PlanOptions = {}): WindowPlan => {
  const chosen = choosePages(document, options.pages);
  return planOf(document, model, chosenSentences(document, options.pages), chosen, options);
};

/** Sentences of these pages; throws `bad-pages`. */
export const chosenSentences = (document: ReadDocument, pages: PlanOptions['pages']): Sentence[] => {
  const chosen = choosePages(document, pages);
  return document.sentences.filter(({ page }) => chosen.has(page));
};

/**
 * These sentences (in the document's order) in a window of their own, as `planWindow`; pages of which nothing is among them are
 * left out.
 */
export const planSentences = (
  document: ReadDocument,
  model: Model,
  sentences: readonly Sentence[],
  options: Omit<PlanOptions, 'pages'> = {},
): WindowPlan => planOf(document, model, sentences, new Set(sentences.map(({ page }) => page)), options);

const planOf = (
  document: ReadDocument,
  model: Model,
  sentences: readonly Sentence[],
  pages: ReadonlySet<number>,
  options: PlanOptions,
): WindowPlan => {
  const { info } = model;
  const reserve = options.reserve ?? RESERVE;
  const { ids, spans, pageEnds } = layIn(document, promptFormat(model.tokenizer), sentences);
  if (spans.length === 0) throw noText();
  const needed = ids.length + reserve;
  const factor = chooseFactor(info, needed, options);
  const capacity = Math.min(options.contextLength ?? LARGEST_WINDOW, Math.floor(info.trainedContext * factor));
  if (needed > capacity) {
    const fitting = fittingPages(pageEnds, capacity - reserve);
    const { parts, receipt } = planParts(document, model, options);
    const larger = largerFactor(info, needed, factor, options);
    const choice: WindowChoice = {
      needed,
      capacity,
      ...(fitting && { pages: fitting }),
      ...(larger && { larger }),
      parts: { count: parts.length, tokens: receipt.tokens },
    };
    throw doesNotFit(choice, options.pages !== undefined);
  }
  return {
    ids,
    spans,
    contextLength: Math.min(capacity, Math.ceil(needed / STEP) * STEP),
    ropeFactor: factor,
    receipt: { tokens: ids.length, capacity, native: info.trainedContext, factor, ...pagesOf(document, pages) },
  };
};

/** All of what is beyond the window, for words alone: nothing of it is laid in. */
export const planForWords = (document: ReadDocument, model: Model, options: PlanOptions = {}): WindowPlan => {
  const { parts, receipt, contextLength, ropeFactor } = planParts(document, model, options);
  const sentences = parts.flatMap((part) => part.sentences);
  const spans = sentences.map(({ index }) => ({ sentence: index, start: 0, end: 0 }));
  return { ids: [], spans, contextLength, ropeFactor, receipt };
};

const noText = (): ReadingError => new ReadingError('no-text', 'No text on these pages. Choose other pages.');

/** Every page of the document, either read or left out: those of `pages` are read but for scans and pages that failed. */
export const pagesOf = (
  document: ReadDocument,
  pages: ReadonlySet<number>,
): Pick<WindowReceipt, 'pagesRead' | 'pagesLeftOut' | 'pagesRecognised'> => {
  const numbers = document.pages.map((page) => page.number);
  const isRead = (number: number): boolean => {
    const { state } = document.pages[number - 1];
    return pages.has(number) && state !== 'failed' && state !== 'scanned';
  };
  const recognised = numbers.filter((number) => isRead(number) && document.pages[number - 1].recognised);
  return {
    pagesRead: toRanges(numbers.filter(isRead)),
    pagesLeftOut: toRanges(numbers.filter((number) => !isRead(number))),
    ...(recognised.length > 0 && { pagesRecognised: toRanges(recognised) }),
  };
};

/** Runs [first, last) of the sentences that stand in one section. */
const bySection = (sentences: readonly Sentence[], sections: readonly Section[] | undefined): [number, number][] => {
  if (!sections) return [[0, sentences.length]];
  const starts = sentences.flatMap(({ index }, i) => {
    const section = sectionAt(sections, index);
    return i === 0 || section !== sectionAt(sections, sentences[i - 1].index) ? [i] : [];
  });
  return starts.map((start, i) => [start, starts[i + 1] ?? sentences.length]);
};

export interface PartsPlan {
  /** Sentences of each part, and the tokens of its window. */
  parts: { sentences: Sentence[]; tokens: number }[];
  /** What the engine must be created with. */
  contextLength: number;
  ropeFactor: number;
  /** Tokens of a part that its sentences may take. */
  room: number;
  receipt: WindowReceipt;
}

/**
 * The parts in which a document beyond the window is read: sentences, in order, cut where sections end as far as possible. A part's
 * window is within what the model was trained on, where it is best (one sentence that is longer has a larger one). With `sections`
 * no part reaches over the end of one.
 */
export const planParts = (
  document: ReadDocument,
  model: Model,
  options: PlanOptions & { sections?: readonly Section[] } = {},
): PartsPlan => {
  const pages = choosePages(document, options.pages);
  const { spans } = layIn(document, promptFormat(model.tokenizer), chosenSentences(document, options.pages));
  if (spans.length === 0) throw noText();
  const { info } = model;
  const lead = promptFormat(model.tokenizer).lead.length;
  const most = options.contextLength ?? LARGEST_WINDOW;
  const window = Math.min(Math.max(SMALLEST_PART, Math.min(info.trainedContext, LARGEST_PART)), most);
  const reserve = options.reserve ?? PART_RESERVE;
  const room = Math.max(window - reserve - lead, SMALLEST_PART / 4);
  const sentences = spans.map((span) => document.sentences[span.sentence]);
  const tokens = spans.map((span, i) => span.end - (spans[i - 1]?.end ?? lead));
  const parts = bySection(sentences, options.sections).flatMap(([first, last]) =>
    cutIntoParts(document, sentences.slice(first, last), tokens.slice(first, last), room),
  );
  let at = 0;
  const sized = parts.map((part) => {
    const sum = tokens.slice(at, at + part.length).reduce((a, b) => a + b, lead);
    at += part.length;
    return { sentences: part, tokens: sum };
  });
  const needed = Math.max(window, ...sized.map((part) => part.tokens + reserve));
  const ropeFactor = chooseFactor(info, needed, options);
  const capacity = Math.min(most, Math.floor(info.trainedContext * ropeFactor));
  return {
    parts: sized,
    contextLength: Math.min(capacity, Math.ceil(needed / STEP) * STEP),
    ropeFactor,
    room,
    receipt: {
      tokens: sized.reduce((sum, part) => sum + part.tokens, 0),
      capacity: Math.min(capacity, window),
      native: info.trainedContext,
      factor: ropeFactor,
      ...pagesOf(document, pages),
    },
  };
};

const choosePages = (document: ReadDocument, ranges: [number, number][] | undefined): Set<number> => {
  const count = document.pages.length;
  const chosen = new Set<number>();
  for (const [first, last] of ranges ?? [[1, count]]) {
    if (!(Number.isInteger(first) && Number.isInteger(last) && first >= 1 && first <= last && last <= count)) {
      const asked = first === last ? `Page ${first} is` : `Pages ${first}-${last} are`;
      throw new ReadingError('bad-pages', `${asked} not in this document. Choose from pages 1-${count}.`);
    }
    for (let number = first; number <= last; number++) chosen.add(number);
  }
  return chosen;
};

interface LaidIn {
  ids: number[];
  spans: WindowPlan['spans'];
  /** After the last sentence of each page: the page and the tokens up to there, in order. */
  pageEnds: { page: number; tokens: number }[];
}

const layIn = (document: ReadDocument, format: PromptFormat, sentences: readonly Sentence[]): LaidIn => {
  const ids = [...format.lead];
  const spans: WindowPlan['spans'] = [];
  const pageEnds: LaidIn['pageEnds'] = [];
  let before: Sentence | undefined;
  for (const sentence of sentences) {
    const place = !before ? 'first' : sameParagraph(document, before, sentence) ? 'same paragraph' : 'new paragraph';
    const laid = format.sentence(sentenceText(document, sentence), place);
    if (laid.ids.length === 0) continue;
    before = sentence;
    for (const id of laid.marker) ids.push(id);
    const start = ids.length;
    for (const id of laid.ids) ids.push(id);
    spans.push({ sentence: sentence.index, start, end: ids.length });
    if (pageEnds.at(-1)?.page !== sentence.page) pageEnds.push({ page: sentence.page, tokens: ids.length });
    pageEnds.at(-1)!.tokens = ids.length;
  }
  return { ids, spans, pageEnds };
};

const chooseFactor = (info: ModelInfo, needed: number, options: PlanOptions): number =>
  options.ropeFactor ??
  factorsOf(info).find((factor) => info.trainedContext * factor >= needed) ??
  factorsOf(info).at(-1)!;

/** The most tokens that a window of this model can hold. */
export const mostTokens = (info: Pick<ModelInfo, 'trainedContext' | 'rope'>): number =>
  Math.min(LARGEST_WINDOW, Math.floor(info.trainedContext * factorsOf(info).at(-1)!));
/** By which a document of so many tokens is read. */
export const factorFor = (info: ModelInfo, tokens: number): number => chooseFactor(info, tokens, {});

/** A model that was tuned for one factor, linear or YaRN's, takes no other by itself; what LongRoPE stretches is in its own divisors. */
const factorsOf = ({ rope }: Pick<ModelInfo, 'rope'>): readonly number[] => {
  if (rope.type === 'none') return FACTORS;
  return [rope.type === 'longrope' ? 1 : rope.factor];
};

const largerFactor = (
  info: ModelInfo,
  needed: number,
  current: number,
  options: PlanOptions,
): WindowChoice['larger'] => {
  const most = options.contextLength ?? LARGEST_WINDOW;
  const factor = FACTORS.find((one) => one > current && info.trainedContext * one >= needed);
  if (factor === undefined || needed > most || (info.rope.type !== 'none' && info.rope.type !== 'linear'))
    return undefined;
  return { factor, capacity: Math.min(most, info.trainedContext * factor), note: factorNote(info, factor) };
};

/** What a factor does to the quality of this model, in one sentence. */
export const factorNote = ({ rope }: ModelInfo, factor: number): string => {
  if (factor <= 1) return 'Within the range that the model was trained on.';
  if (rope.type !== 'none' && factor === rope.factor) return `The model was tuned for a window stretched ×${factor}.`;
  return factor <= 2
    ? 'The model was not tuned for a stretched window: somewhat worse than its own range.'
    : `The model was not tuned for a window stretched ×${factor}: expect it to be much worse than its own range.`;
};

/** The longest run of pages from the first chosen one whose tokens are at most `room`. */
const fittingPages = (pageEnds: LaidIn['pageEnds'], room: number): [number, number] | undefined => {
  const last = pageEnds.findLast((end) => end.tokens <= room);
  return last && [pageEnds[0].page, last.page];
};

/** One sentence for every host; what else can be done is in the choice. */
const doesNotFit = (choice: WindowChoice, chosen: boolean): ReadingError => {
  const what = chosen ? 'These pages need' : 'This document needs';
  const { needed, capacity, pages } = choice;
  const advice = pages
    ? pages[0] === pages[1]
      ? `Choose fewer pages, for example page ${pages[0]} alone.`
      : `Choose fewer pages, for example ${pages[0]}-${pages[1]}.`
    : 'Not even its first page fits: choose a model with a larger window.';
  const size = `${what} ${needed.toLocaleString('en')} tokens and the window holds ${capacity.toLocaleString('en')}.`;
  const detail = pages ? `fits: ${pages[0]}-${pages[1]}` : 'fits: none';
  return new ReadingError('window-full', `${size} ${advice}`, detail, choice);
};

/** 1, 2, 3, 7 -> [1, 3], [7, 7]. */
export const toRanges = (numbers: readonly number[]): [number, number][] => {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
};
