// How good the choice of sentences is: summaries against people's (ROUGE), answers against people's (the right sentence first, or
// among the first three), for words alone, for the beginning of the text, and for words with the model's view at several weights:
// how likely it finds a sentence, how much likelier with the document or the question than without, and where its pointer looks (in
// summaries; in answers: pointed-weights.ts).
// A weight is chosen on one half of the documents and measured on the other; `pointer` prints the one that the app should have.
import { readFileSync } from 'node:fs';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { createEngine, type Engine, openModel } from '../../gpu/index.ts';
import { sentenceText, type WindowPlan } from '../../reading/document.ts';
import { promptFormat } from '../../reading/prompt.ts';
import { informationGains } from '../../reading/replies/ask.ts';
import { pointAt, scoreCandidates } from '../../reading/replies/rank.ts';
import { combine, MODEL_WEIGHTS, quoteOf } from '../../reading/replies/summarize.ts';
import { planWindow } from '../../reading/window.ts';
import { type Candidate, choose, preselect } from '../../reading/words/candidates.ts';
import { findByWords } from '../../reading/words/evidence.ts';
import { standardize } from '../../reading/words/search.ts';
import { type Asked, HALVES, type Half, openstax, type Summarized, scitldr, selqa, squad } from './corpus.ts';
import { meanRouge, type Rouge, rouge } from './rouge.ts';
import { percent, shownRouge } from './shown.ts';

const WEIGHTS = [0.1, 0.25, 0.5, 1, 2];
const POINTER_WEIGHTS = [0, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3];
/** Nothing else counts beside it. */
const ALONE = 1_000;
const WINDOW = 16_384;
/** Sentences that the model weighs where it does not point. */
const SHORTLIST = 24;
/** Documents of each half. */
const [SCITLDR, SELQA, OPENSTAX, SQUAD] = [300, 250, 16, 10];
/** Of the questions of an article. */
const SQUAD_STEP = 30;

/** What the model makes of a document's candidates, natural logs. */
interface View {
  candidates: Candidate[];
  scores: number[];
}

interface Weighed {
  item: Summarized;
  views: Record<string, View>;
}

const pointed = (engine: Engine, prompt: readonly number[], spans: readonly WindowPlan['spans'][number][]) =>
  pointAt(engine, prompt, spans, promptFormat(engine.tokenizer).pointer!, {});

const pointerView = async (engine: Engine, { document }: Summarized): Promise<View> => {
  const plan = planWindow(document, { info: engine.model, tokenizer: engine.tokenizer });
  const candidates = preselect(document, plan, { room: 1_000, most: Number.POSITIVE_INFINITY });
  const prompt = [...plan.ids, ...promptFormat(engine.tokenizer).summary];
  const spans = candidates.map(({ span }) => span);
  return { candidates, scores: await pointed(engine, prompt, spans) };
};

/** By log P per token of each sentence with the document before it, and how much more that is than without. */
const likelihoodViews = async (engine: Engine, { document }: Summarized): Promise<Record<string, View>> => {
  const plan = planWindow(document, { info: engine.model, tokenizer: engine.tokenizer });
  const candidates = preselect(document, plan, { room: 1_000, most: SHORTLIST });
  const format = promptFormat(engine.tokenizer);
  const ids = candidates.map(quoteOf(plan, format));
  const alone = await scoreCandidates(engine, [...format.lead, ...format.summary], ids, {});
  const likely = await scoreCandidates(engine, [...plan.ids, ...format.summary], ids, {});
  const gain = likely.map((one, i) => one - alone[i]);
  return { 'log P': { candidates, scores: likely }, gain: { candidates, scores: gain } };
};

const summaryOf = ({ item: { document, count }, views }: Weighed, view: string, weight: number): string => {
  const { candidates, scores } = views[view];
  return choose(candidates, combine(candidates, scores, weight), count)
    .sort((a, b) => a.span.start - b.span.start)
    .map(({ sentence }) => sentenceText(document, sentence))
    .join(' ');
};

const leadOf = ({ document, count }: Summarized): string =>
  document.sentences
    .filter(({ kind }) => kind !== 'heading')
    .slice(0, count)
    .map((sentence) => sentenceText(document, sentence))
    .join(' ');

const rougeOf = (all: readonly Weighed[], half: Half, pick: (one: Weighed) => string): Rouge => {
  const of = all.filter(({ item }) => item.half === half);
  return meanRouge(of.map((one) => rouge(pick(one), one.item.references)));
};

const printSummaries = (name: string, all: readonly Weighed[], rows: readonly (readonly [string, number])[]): void => {
  const counts = HALVES.map((half) => all.filter(({ item }) => item.half === half).length);
  console.log(`\n${name}: ROUGE-1 / 2 / L; ${counts[0]} documents to fit, ${counts[1]} to measure`);
  const row = (label: string, pick: (one: Weighed) => string) =>
    console.log(`| ${label} | ${HALVES.map((half) => shownRouge(rougeOf(all, half, pick))).join(' | ')} |`);
  row('lead', ({ item }) => leadOf(item));
  for (const [view, weight] of rows) {
    const label = weight === 0 ? 'words' : weight === ALONE ? `${view} alone` : `words + ${weight} x ${view}`;
    row(label, (one) => summaryOf(one, view, weight));
  }
};

const benchSummaries = async (engine: Engine, name: string, items: readonly Summarized[]): Promise<void> => {
  const all: Weighed[] = [];
  for (const item of items) all.push({ item, views: await likelihoodViews(engine, item) });
  const rows = ['log P', 'gain'].flatMap((view) => [...WEIGHTS, ALONE].map((weight) => [view, weight] as const));
  printSummaries(name, all, [['log P', 0], ...rows]);
};

/** The pointer's weight in summaries: the best of the halves to fit, every set counting the same. */
const fitPointer = async (engine: Engine, sets: readonly [string, readonly Summarized[]][]): Promise<void> => {
  const gains = POINTER_WEIGHTS.map(() => 0);
  for (const [name, items] of sets) {
    const all: Weighed[] = [];
    for (const item of items) all.push({ item, views: { pointer: await pointerView(engine, item) } });
    printSummaries(
      name,
      all,
      [...POINTER_WEIGHTS, ALONE].map((weight) => ['pointer', weight]),
    );
    POINTER_WEIGHTS.forEach((weight, i) => {
      gains[i] += rougeOf(all, 'fit', (one) => summaryOf(one, 'pointer', weight)).r1 / sets.length;
    });
  }
  const best = POINTER_WEIGHTS[gains.indexOf(Math.max(...gains))];
  console.log(
    `\nMODEL_WEIGHTS.pointer (reading/replies/summarize.ts): ${best} is best to fit, ${MODEL_WEIGHTS.pointer} is used`,
  );
};

interface Answered {
  half: Half;
  right: boolean[];
  /** Of the words, and of the model. */
  words: number[];
  /** How much likelier the model finds each with the question than without. */
  gain: number[];
}

async function answer(engine: Engine, { half, document, questions }: Asked): Promise<Answered[]> {
  const plan = planWindow(document, { info: engine.model, tokenizer: engine.tokenizer });
  const answered: Answered[] = [];
  for (const { question, isAnswer } of questions) {
    const found = findByWords(document, document.sentences, question, { most: 10 });
    const sentences = found.map(({ sentence }) => sentence);
    const prompt = [...plan.ids, ...promptFormat(engine.tokenizer).question(question)];
    const gain = sentences.length === 0 ? [] : await informationGains(engine, plan, prompt, sentences, {});
    const right = sentences.map((sentence) => isAnswer(sentenceText(document, sentence), sentence.index));
    answered.push({ half, right, words: found.map((one) => one.words), gain });
  }
  return answered;
}

const hits = (answered: readonly Answered[], first: number, scores: (one: Answered) => number[]): string => {
  const hit = answered.filter((one) => {
    const total = scores(one);
    const order = one.right.map((_, i) => i).sort((a, b) => total[b] - total[a]);
    return order.slice(0, first).some((i) => one.right[i]);
  });
  return percent(hit.length, answered.length);
};

async function benchQuestions(engine: Engine, name: string, items: readonly Asked[]): Promise<void> {
  const answered: Answered[] = [];
  for (const item of items) answered.push(...(await answer(engine, item)));
  const halves = HALVES.map((half) => answered.filter((one) => one.half === half));
  console.log(`\n${name}: hit@1 / hit@3; ${halves[0].length} questions to fit, ${halves[1].length} to measure`);
  const row = (label: string, scores: (one: Answered) => number[]) =>
    console.log(`| ${label} | ${halves.map((of) => [1, 3].map((n) => hits(of, n, scores)).join(' / ')).join(' | ')} |`);
  row('words', ({ words }) => words);
  for (const weight of WEIGHTS) {
    row(`words + ${weight} x gain`, ({ words, gain }) => {
      const [w, v] = [standardize(words), standardize(gain)];
      return w.map((one, i) => one + weight * v[i]);
    });
  }
  row('gain alone, of ten by words', ({ gain }) => gain);
}

/** `only`: one of the sets. */
export async function benchReplies(gpu: GPU, path: string, only: string | undefined): Promise<void> {
  const model = await openModel(bytesSource(new Uint8Array(readFileSync(path))));
  const engine = await createEngine(gpu, model, { contextLength: WINDOW });
  console.log(`${model.info.name} on ${engine.adapter.name}`);
  const unseen = { unseen: true };
  const summaries: [string, readonly Summarized[]][] = [
    ['SciTLDR, one sentence', scitldr(SCITLDR, unseen)],
    ['OpenStax sections, five sentences', openstax(OPENSTAX, unseen)],
  ];
  const sets: Record<string, () => Promise<void>> = {
    pointer: () => fitPointer(engine, summaries),
    scitldr: () => benchSummaries(engine, ...summaries[0]),
    selqa: () => benchQuestions(engine, 'SelQA, sections', selqa(SELQA, unseen)),
    openstax: () => benchSummaries(engine, ...summaries[1]),
    squad: () => benchQuestions(engine, 'SQuAD, whole articles', squad(SQUAD, SQUAD_STEP, unseen)),
  };
  for (const [name, run] of Object.entries(sets)) if (only === undefined || only === name) await run();
  engine.dispose();
}
