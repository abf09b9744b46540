// Prose over what is longer than the window, or section by section. Each part is written up and compared with its sentences; what
// goes on to the next level are the sentences that it rests on, not the model's words, so that an error of one level is not
// taken for the document by the next.
import type { Engine, Model } from '../../gpu/api.ts';
import { type ReadDocument, type Reply, type ReplySentence, type Sentence, sentenceText } from '../document.ts';
import { type Aligned, createAligner } from '../replies/align.ts';
import { type DrawnOptions, expectWriter, proseSentence, summaryTask, writeProse } from '../replies/prose.ts';
import { usualLength } from '../replies/summarize.ts';
import { sectionAt, sectionsOf } from '../sections.ts';
import { type PartsPlan, planSentences } from '../window.ts';
import { type Levels, type Point, printOf, readInLevels, type StepOptions } from './hierarchy.ts';
import { type PartsOptions, partsReply } from './summarize-parts.ts';

/** The parts leave one sentence of prose for so many tokens. */
const TOKENS_PER_POINT = 1_000;

export const summarizePartsInProse = async (
  engine: Engine,
  model: Model,
  document: ReadDocument,
  planned: PartsPlan,
  options: PartsOptions & DrawnOptions,
): Promise<Reply> => {
  expectWriter(engine);
  const wanted = options.sentences ?? usualLength(document, options);
  const sections = options.bySection ? sectionsOf(document) : undefined;
  const levels = proseLevels(engine, model, document, planned, wanted, options);
  if (sections) levels.sectionOf = ({ sources }) => (sources.length > 0 ? sectionAt(sections, sources[0]) : 0);
  const { points, report } = await readInLevels(levels, {
    print: printOf(document.text, [
      planned.parts.map(({ sentences }) => sentences[0].start),
      model.info,
      { mode: 'prose', wanted, purpose: options.purpose, bySection: options.bySection, drawing: options.drawing },
    ]),
    checkpoints: options.checkpoints,
    onProgress: options.onProgress,
    signal: options.signal,
  });
  const sentences = points.map((point): ReplySentence => {
    const title = sections && point.sources.length > 0 && sections[sectionAt(sections, point.sources[0])].title;
    return { ...proseSentence(document, alignedOf(document, point)), ...(title && { section: title }) };
  });
  const whole = { ...report, extractMs: options.extractMs ?? 0 };
  return {
    ...partsReply(engine, document, planned, whole, sentences),
    mode: 'prose',
    ...(options.purpose && { purpose: options.purpose }),
    ...options.drawing,
  };
};

const alignedOf = (document: ReadDocument, { sources, text = '', status = 'unverified' }: Point): Aligned => ({
  text,
  status,
  sources: sources.map((index) => document.sentences[index]),
});

const proseLevels = (
  engine: Engine,
  model: Model,
  document: ReadDocument,
  planned: PartsPlan,
  wanted: number,
  options: PartsOptions & DrawnOptions,
): Levels => {
  const { ropeFactor, room, contextLength } = planned;
  const task = expectWriter(engine);
  const write = async (sentences: readonly Sentence[], count: number, run: StepOptions): Promise<Point[]> => {
    const plan = planSentences(document, model, sentences, { ropeFactor, contextLength, reserve: 0 });
    const aligner = createAligner(document, sentences);
    const asked = task(summaryTask(count, options.purpose));
    const written = await writeProse(
      engine,
      document,
      plan,
      asked,
      aligner,
      { ...run, count, drawing: options.drawing },
      run.report,
    );
    return written.map(({ text, status, sources }) => ({ text, status, sources: sources.map(({ index }) => index) }));
  };
  const sourcesOf = (points: readonly Point[]): Sentence[] =>
    [...new Set(points.flatMap(({ sources }) => sources))]
      .sort((a, b) => a - b)
      .map((index) => document.sentences[index]);
  const tokensOf = (point: Point): number =>
    sourcesOf([point]).reduce(
      (sum, sentence) => sum + model.tokenizer.encode(sentenceText(document, sentence)).length + 1,
      0,
    );
  return {
    parts: planned.parts.map(({ tokens }) => tokens),
    wanted,
    tokensPerPoint: TOKENS_PER_POINT,
    room,
    tokensOf,
    read: (index, count, run) => write(planned.parts[index].sentences, count, run),
    join: async (points, { count }, run) => {
      const sources = sourcesOf(points);
      return sources.length === 0 || points.length <= count ? [...points] : write(sources, count, run);
    },
  };
};
