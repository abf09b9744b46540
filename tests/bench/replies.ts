// How good the choice of sentences is: summaries against people's (ROUGE), answers against people's (the right sentence first, or
// among the first three), for words alone, for the beginning of the text, and for words with the model's view at several weights:
// how likely it finds a sentence, how much likelier with the document or the question than without, and where its pointer looks.
// The weight is chosen on one half of the documents and measured on the other.
import { readFileSync } from 'node:fs';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { createEngine, type Engine, openModel } from '../../gpu/index.ts';
import { informationGains } from '../../reading/ask.ts';
import { type Candidate, choose, preselect } from '../../reading/candidates.ts';
import { sentenceText } from '../../reading/document.ts';
import { findByWords } from '../../reading/evidence.ts';
import { promptFormat } from '../../reading/prompt.ts';
import { scoreCandidates } from '../../reading/rank.ts';
import { standardize } from '../../reading/search.ts';
import { planWindow } from '../../reading/window.ts';
import { type Asked, type Half, openstax, type Summarized, scitldr, selqa, squad } from './corpus.ts';
import { meanRouge, type Rouge, rouge } from './rouge.ts';

const WEIGHTS = [0, 0.1, 0.25, 0.5, 1, 2];
const HALVES: readonly Half[] = ['fit', 'measure'];
const WINDOW = 16_384;
/** Documents of each half. */
const [SCITLDR, SELQA, OPENSTAX, SQUAD] = [300, 250, 16, 10];
/** Of the questions of an article. */
const SQUAD_STEP = 30;

interface Weighed {
  item: Summarized;
  candidates: Candidate[];
  texts: string[];
  /** log P per token, with the document before it, and how much more that is than without. */
  likely: number[];
  gain: number[];
  /** Natural log of the attention that the pointer pays each candidate. */
  pointed: number[];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const shownRouge = ({ r1, r2, rL }: Rouge): string => [r1, r2, rL].map((one) => one.toFixed(3)).join(' / ');

/** Head 0 of the last layer, which training teaches to point at the sentences asked for (training/README.md). */
const POINTER = 0;

async function point(engine: Engine, prompt: readonly number[], spans: Weighed['candidates'][number]['span'][]) {
  const places = spans.map(({ start, end }) => [start, end] as const);
  const attention = await engine.attentionOver(prompt, places, POINTER);
  return [...attention].map((share) => Math.log(share + 1e-6));
}

async function weigh(engine: Engine, item: Summarized): Promise<Weighed> {
  const { document } = item;
  const plan = planWindow(document, { info: engine.model, tokenizer: engine.tokenizer });
  const candidates = preselect(document, plan, { room: 1_000, most: 24 });
  const format = promptFormat(engine.tokenizer);
  const ids = candidates.map(({ span }) => plan.ids.slice(span.start - (format.quote === undefined ? 0 : 1), span.end));
  const alone = await scoreCandidates(engine, [...format.lead, ...format.summary], ids, {});
  const likely = await scoreCandidates(engine, [...plan.ids, ...format.summary], ids, {});
  const texts = candidates.map(({ sentence }) => sentenceText(document, sentence));
  const pointed = await point(
    engine,
    [...plan.ids, ...format.summary],
    candidates.map(({ span }) => span),
  );
  return { item, candidates, texts, likely, gain: likely.map((one, i) => one - alone[i]), pointed };
}

async function benchSummaries(engine: Engine, name: string, items: readonly Summarized[]): Promise<void> {
  const weighed: Weighed[] = [];
  for (const item of items) weighed.push(await weigh(engine, item));
  const score = (half: Half, pick: (one: Weighed) => string[]): Rouge =>
    meanRouge(
      weighed.filter(({ item }) => item.half === half).map((one) => rouge(pick(one).join(' '), one.item.references)),
    );
  const picked = (one: Weighed, view: readonly number[], weight: number): string[] => {
    const model = standardize(view);
    const total = one.candidates.map(({ prior }, i) => prior + weight * model[i]);
    const chosen = choose(one.candidates, total, one.item.count);
    return chosen
      .sort((a, b) => a.span.start - b.span.start)
      .map(({ sentence }) => sentenceText(one.item.document, sentence));
  };
  const lead = ({ item: { document, count } }: Weighed): string[] =>
    document.sentences
      .filter(({ kind }) => kind !== 'heading')
      .slice(0, count)
      .map((sentence) => sentenceText(document, sentence));
  const counts = HALVES.map((half) => weighed.filter(({ item }) => item.half === half).length);
  console.log(`\n${name}: ROUGE-1 / 2 / L; ${counts[0]} documents to fit, ${counts[1]} to measure`);
  const row = (label: string, pick: (one: Weighed) => string[]) =>
    console.log(`| ${label} | ${HALVES.map((half) => shownRouge(score(half, pick))).join(' | ')} |`);
  row('lead', lead);
  for (const weight of WEIGHTS) row(`words + ${weight} x log P`, (one) => picked(one, one.likely, weight));
  for (const weight of WEIGHTS.slice(1)) row(`words + ${weight} x gain`, (one) => picked(one, one.gain, weight));
  for (const weight of WEIGHTS.slice(1)) row(`words + ${weight} x pointer`, (one) => picked(one, one.pointed, weight));
  row('pointer alone', (one) => picked(one, one.pointed, 100));
  row('log P alone', (one) => picked(one, one.likely, 100));
  row('gain alone', (one) => picked(one, one.gain, 100));
}

interface Answered {
  half: Half;
  words: number[];
  gain: number[];
  pointed: number[];
  right: boolean[];
}

async function answer(engine: Engine, { half, document, questions }: Asked): Promise<Answered[]> {
  const plan = planWindow(document, { info: engine.model, tokenizer: engine.tokenizer });
  const format = promptFormat(engine.tokenizer);
  const answered: Answered[] = [];
  for (const { question, isAnswer } of questions) {
    const found = findByWords(document, document.sentences, question, { most: 10 });
    const sentences = found.map(({ sentence }) => sentence);
    const prompt = [...plan.ids, ...format.question(question)];
    const gain = sentences.length > 0 ? await informationGains(engine, plan, prompt, sentences, {}) : [];
    const spans = new Map(plan.spans.map((span) => [span.sentence, span]));
    const pointed =
      sentences.length > 0
        ? await point(
            engine,
            prompt,
            sentences.map(({ index }) => spans.get(index)!),
          )
        : [];
    const right = sentences.map((sentence) => isAnswer(sentenceText(document, sentence), sentence.index));
    answered.push({ half, words: found.map((one) => one.words), gain, pointed, right });
  }
  return answered;
}

async function benchQuestions(engine: Engine, name: string, items: readonly Asked[]): Promise<void> {
  const answered: Answered[] = [];
  for (const item of items) answered.push(...(await answer(engine, item)));
  const hits = (half: Half, scores: (one: Answered) => number[], first: number): number => {
    const of = answered.filter((one) => one.half === half);
    const hit = of.filter((one) => {
      const total = scores(one);
      const order = one.right.map((_, i) => i).sort((a, b) => total[b] - total[a]);
      return order.slice(0, first).some((i) => one.right[i]);
    });
    return hit.length / Math.max(1, of.length);
  };
  const counts = HALVES.map((half) => answered.filter((one) => one.half === half).length);
  console.log(`\n${name}: hit@1 / hit@3; ${counts[0]} questions to fit, ${counts[1]} to measure`);
  const row = (label: string, scores: (one: Answered) => number[]) =>
    console.log(
      `| ${label} | ${HALVES.map((half) => [1, 3].map((n) => percent(hits(half, scores, n))).join(' / ')).join(' | ')} |`,
    );
  for (const weight of WEIGHTS) {
    row(`words + ${weight} x model`, ({ words, gain }) => {
      const [w, g] = [standardize(words), standardize(gain)];
      return w.map((one, i) => one + weight * g[i]);
    });
  }
  for (const weight of WEIGHTS.slice(1)) {
    row(`words + ${weight} x pointer`, ({ words, pointed }) => {
      const [w, p] = [standardize(words), standardize(pointed)];
      return w.map((one, i) => one + weight * p[i]);
    });
  }
  row('model alone, of ten by words', ({ gain }) => gain);
  row('pointer alone, of ten by words', ({ pointed }) => pointed);
}

/** `only`: one of the sets. */
export async function benchReplies(gpu: GPU, path: string, only: string | undefined): Promise<void> {
  const model = await openModel(bytesSource(new Uint8Array(readFileSync(path))));
  const engine = await createEngine(gpu, model, { contextLength: WINDOW });
  console.log(`${model.info.name} on ${engine.adapter.name}`);
  const unseen = { unseen: true };
  const sets: Record<string, () => Promise<void>> = {
    scitldr: () => benchSummaries(engine, 'SciTLDR, one sentence', scitldr(SCITLDR, unseen)),
    selqa: () => benchQuestions(engine, 'SelQA, sections', selqa(SELQA, unseen)),
    openstax: () => benchSummaries(engine, 'OpenStax sections, five sentences', openstax(OPENSTAX, unseen)),
    squad: () => benchQuestions(engine, 'SQuAD, whole articles', squad(SQUAD, SQUAD_STEP, unseen)),
  };
  for (const [name, run] of Object.entries(sets)) if (only === undefined || only === name) await run();
  engine.dispose();
}
