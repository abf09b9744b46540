// The window, planned before anything is read in: which pages go in, how many tokens they are, and the smallest factor of
// Position Interpolation (arXiv 2306.15595) that makes room for them. What does not fit is said, never cut.
import type { Model } from '../gpu/api.ts';
import {
  type ReadDocument,
  ReadingError,
  type Sentence,
  sameParagraph,
  sentenceText,
  type WindowPlan,
} from './document.ts';
import { type PromptFormat, promptFormat } from './prompt.ts';

export interface PlanOptions {
  /** Physical page ranges, both ends included; all pages when absent. */
  pages?: [number, number][];
  /** Instead of the smallest one that is enough. */
  ropeFactor?: number;
  /** Most tokens that the window may hold. */
  contextLength?: number;
  /** Tokens kept free for the task and for one quoted sentence. */
  reserve?: number;
}

export const LARGEST_WINDOW = 32_768;
export const RESERVE = 768;
/** Windows grow in steps of this many tokens, so that documents of about one size share an engine. */
const STEP = 2_048;
const FACTORS = [1, 2, 4, 8, 16];

/** Throws ReadingError `bad-pages`, `no-text` or `window-full`. */
export const planWindow = (document: ReadDocument, model: Model, options: PlanOptions = {}): WindowPlan => {
  const reserve = options.reserve ?? RESERVE;
  const chosen = choosePages(document, options.pages);
  const { ids, spans, pageEnds } = layIn(document, promptFormat(model.tokenizer), chosen);
  if (spans.length === 0) throw new ReadingError('no-text', 'No text on these pages. Choose other pages.');
  const factor = chooseFactor(model, ids.length + reserve, options);
  const capacity = Math.min(options.contextLength ?? LARGEST_WINDOW, Math.floor(model.info.trainedContext * factor));
  if (ids.length + reserve > capacity) {
    throw doesNotFit(
      ids.length + reserve,
      capacity,
      fittingPages(pageEnds, capacity - reserve),
      options.pages !== undefined,
    );
  }
  const numbers = document.pages.map((page) => page.number);
  const isRead = (number: number): boolean => {
    const { state } = document.pages[number - 1];
    return chosen.has(number) && state !== 'failed' && state !== 'scanned';
  };
  const recognised = numbers.filter((number) => isRead(number) && document.pages[number - 1].recognised);
  return {
    ids,
    spans,
    contextLength: Math.min(capacity, Math.ceil((ids.length + reserve) / STEP) * STEP),
    ropeFactor: factor,
    receipt: {
      tokens: ids.length,
      capacity,
      native: model.info.trainedContext,
      factor,
      pagesRead: toRanges(numbers.filter(isRead)),
      pagesLeftOut: toRanges(numbers.filter((number) => !isRead(number))),
      ...(recognised.length > 0 && { pagesRecognised: toRanges(recognised) }),
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

const layIn = (document: ReadDocument, format: PromptFormat, chosen: ReadonlySet<number>): LaidIn => {
  const ids = [...format.lead];
  const spans: WindowPlan['spans'] = [];
  const pageEnds: LaidIn['pageEnds'] = [];
  let before: Sentence | undefined;
  for (const sentence of document.sentences) {
    if (!chosen.has(sentence.page)) continue;
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

const chooseFactor = ({ info }: Model, needed: number, options: PlanOptions): number => {
  if (options.ropeFactor !== undefined) return options.ropeFactor;
  if (info.rope.type === 'linear' && info.rope.factor > 1) return info.rope.factor;
  return FACTORS.find((factor) => info.trainedContext * factor >= needed) ?? FACTORS.at(-1)!;
};

/** The longest run of pages from the first chosen one whose tokens are at most `room`. */
const fittingPages = (pageEnds: LaidIn['pageEnds'], room: number): [number, number] | undefined => {
  const last = pageEnds.findLast((end) => end.tokens <= room);
  return last && [pageEnds[0].page, last.page];
};

const doesNotFit = (
  needed: number,
  capacity: number,
  pages: [number, number] | undefined,
  chosen: boolean,
): ReadingError => {
  const what = chosen ? 'These pages need' : 'This document needs';
  const advice = pages
    ? pages[0] === pages[1]
      ? `Choose fewer pages, for example page ${pages[0]} alone.`
      : `Choose fewer pages, for example ${pages[0]}-${pages[1]}.`
    : 'Not even its first page fits: choose a model with a larger window.';
  const size = `${what} ${needed.toLocaleString('en')} tokens and the window holds ${capacity.toLocaleString('en')}.`;
  return new ReadingError('window-full', `${size} ${advice}`, pages ? `fits: ${pages[0]}-${pages[1]}` : 'fits: none');
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
