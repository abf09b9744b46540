// A verbatim summary of what is longer than the window: the best sentences of every part, then the best of those, level by level
// (hierarchy.ts). What is laid in again are the document's own sentences, so that every one that is left still has its page.
import type { Model } from '../../gpu/api.ts';
import {
  type ReadDocument,
  type ReadPart,
  type Reply,
  type ReplySentence,
  type Sentence,
  sentenceText,
} from '../document.ts';
import { quoteSentence } from '../replies/quote.ts';
import { type Chooser, isEngine, type RunReport, replyOf } from '../replies/rank.ts';
import { chooseQuotes, type SummaryOptions, usualLength } from '../replies/summarize.ts';
import { LONGEST_TITLE, sectionAt, sectionsOf } from '../sections.ts';
import { type PartsPlan, planSentences } from '../window.ts';
import type { Checkpoints } from './checkpoints.ts';
import { type Levels, type Point, printOf, readInLevels, type StepOptions } from './hierarchy.ts';

export interface PartsOptions extends SummaryOptions {
  /** Keeps what is done under a key; a later call with the same key, document, model and settings goes on from there. */
  checkpoints?: { store: Checkpoints; key: string };
}

/** The parts leave one sentence for so many tokens; the model weighs so many times as many. */
const TOKENS_PER_POINT = 550;
const WEIGHED = 2.5;
const WEIGHED_SOFTWARE = 1.7;

const isSlow = (engine: Chooser): boolean => isEngine(engine) && engine.adapter.software;

/** `document` and `model` must be those that `planned` was made of, the engine as it asks for. */
export const summarizeInParts = async (
  engine: Chooser,
  model: Model,
  document: ReadDocument,
  planned: PartsPlan,
  options: PartsOptions = {},
): Promise<Reply> => {
  const wanted = options.sentences ?? usualLength(document, options);
  const levels = quoteLevels(engine, model, document, planned, wanted, options);
  const { points, report } = await readInLevels(levels, {
    print: printOf(document.text, [
      planned.parts.map(({ sentences }) => sentences[0].start),
      model.info,
      { wanted, purpose: options.purpose, bySection: options.bySection, software: isSlow(engine) },
    ]),
    checkpoints: options.checkpoints,
    onProgress: options.onProgress,
    signal: options.signal,
  });
  const sections = options.bySection ? sectionsOf(document) : undefined;
  const sentences = points.map(({ sources: [index] }) => ({
    ...quoteSentence(document, document.sentences[index]),
    ...(sections && { section: sections[sectionAt(sections, index)].title }),
  }));
  const whole = { ...report, extractMs: options.extractMs ?? 0 };
  return {
    ...partsReply(engine, document, planned, whole, sentences),
    ...(options.purpose && { purpose: options.purpose }),
  };
};

const quoteLevels = (
  engine: Chooser,
  model: Model,
  document: ReadDocument,
  planned: PartsPlan,
  wanted: number,
  options: PartsOptions,
): Levels => {
  const { ropeFactor, room, contextLength } = planned;
  const sentenceOf = ({ sources: [index] }: Point): Sentence => document.sentences[index];
  const sections = options.bySection ? sectionsOf(document) : undefined;
  const whole = planned.parts.flatMap((part) => part.sentences);
  const weighed = isSlow(engine) ? WEIGHED_SOFTWARE : WEIGHED;
  const choose = async (sentences: readonly Sentence[], count: number, run: StepOptions): Promise<Point[]> => {
    const plan = planSentences(document, model, sentences, { ropeFactor, contextLength, reserve: 0 });
    const most = Math.ceil(weighed * count) + 3;
    const how = { ...run, purpose: options.purpose, count, most, wholeOnly: true, whole };
    const chosen = await chooseQuotes(engine, document, plan, how, run.report);
    return chosen.map(({ sentence }) => ({ sources: [sentence.index] }));
  };
  return {
    parts: planned.parts.map(({ tokens }) => tokens),
    wanted,
    tokensPerPoint: TOKENS_PER_POINT,
    room,
    tokensOf: (point) => model.tokenizer.encode(sentenceText(document, sentenceOf(point))).length + 1,
    ...(sections && { sectionOf: (point: Point) => sectionAt(sections, point.sources[0]) }),
    read: (index, count, run) => choose(planned.parts[index].sentences, count, run),
    join: async (points, { count }, run) =>
      points.length <= count ? [...points] : choose(points.map(sentenceOf), count, run),
  };
};

/** The reply over all parts; `sentences` cite pages of any of them. */
export const partsReply = (
  engine: Chooser,
  document: ReadDocument,
  { parts, receipt }: PartsPlan,
  report: RunReport,
  sentences: ReplySentence[],
): Reply => ({
  kind: 'summary',
  found: sentences.length > 0,
  sentences,
  ...replyOf(engine, receipt, report),
  parts: parts.map((part): ReadPart => {
    const title = titleOf(document, part.sentences);
    const pages: [number, number] = [part.sentences[0].page, part.sentences.at(-1)!.page];
    return { ...(title && { title }), pages, tokens: part.tokens };
  }),
});

/** The heading that a part opens with or lies under. */
const titleOf = (document: ReadDocument, part: readonly Sentence[]): string | undefined => {
  const heading =
    part.find(({ kind }) => kind === 'heading') ??
    document.sentences.slice(0, part[0].index).findLast(({ kind }) => kind === 'heading');
  return heading && sentenceText(document, heading).slice(0, LONGEST_TITLE);
};
