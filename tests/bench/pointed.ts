// What the pointer of a trained model says of answers, beside the words: computed once for a file of weights and kept in the
// machine's temporary folder, so that weights are fitted and measured in no time. Only documents that Longleaf Sprig was not trained
// on take part, their titles above them as training has it.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { createEngine, type Engine, openModel } from '../../gpu/index.ts';
import { type ReadDocument, sentenceText } from '../../reading/document.ts';
import { promptFormat } from '../../reading/prompt.ts';
import { pointAt } from '../../reading/replies/rank.ts';
import { planWindow } from '../../reading/window.ts';
import { createFinder } from '../../reading/words/evidence.ts';
import { type Half, qed, selqa, squad, squadRefused } from './corpus.ts';

export interface Pointed {
  set: string;
  half: Half;
  /** The document answers it. */
  answerable: boolean;
  /** Of the best sentence by words. */
  evidence: number;
  /** Of up to 24 sentences, best first by words: their score, which of the document's sentences they are, and whether they are right. */
  words: number[];
  places: number[];
  right: boolean[];
  /** Natural log of the share of the pointer's attention on each of the document's sentences. */
  logShares: number[];
  /** log P of "none" less that of a quotation, natural. */
  none: number;
}

const WINDOW = 20_480;
const SHORTLIST = 24;
/** Every other question of an article. */
const STEP = 2;
/** Counts the forms of the files that hold what was computed. */
const FORM = 2;

interface Subject {
  set: string;
  half: Half;
  document: ReadDocument;
  questions: { question: string; isAnswer?(text: string, index: number): boolean }[];
}

const subjects = (): Subject[] => {
  const choice = { unseen: true, titled: true };
  const refused = squadRefused(1, choice);
  const seen = new Set<string>();
  const articles = squad(Number.POSITIVE_INFINITY, 1, choice).flatMap((one): Subject[] => {
    const { title } = one.document;
    // An article that stands in SQuAD 1.1 and 2.0 has the same questions in both, but for those that it does not answer.
    if (seen.has(title)) return [];
    seen.add(title);
    const unanswerable = refused
      .filter(({ document }) => document.title === title)
      .flatMap((other) => other.unanswerable);
    const all = [...one.questions, ...unanswerable.map((question) => ({ question }))];
    return [{ ...one, set: 'SQuAD', questions: all.filter((_, i) => i % STEP === 0) }];
  });
  return [
    ...articles,
    ...selqa(Number.POSITIVE_INFINITY, choice).map((one): Subject => ({ ...one, set: 'SelQA' })),
    ...qed(choice).map((one): Subject => ({ ...one, set: 'QED' })),
  ];
};

const rounded = (value: number): number => Number(value.toFixed(4));

/** What the model says of one question. */
type View = Pick<Pointed, 'logShares' | 'none'>;

const viewsOf = async (engine: Engine, { document, questions }: Subject): Promise<View[]> => {
  const plan = planWindow(document, { info: engine.model, tokenizer: engine.tokenizer });
  const format = promptFormat(engine.tokenizer);
  const views: View[] = [];
  for (const { question } of questions) {
    const prompt = [...plan.ids, ...format.question(question)];
    const logShares = await pointAt(engine, prompt, plan.spans, format.pointer!, {});
    const [[none], [quote]] = await engine.logprobs(prompt, [[format.none!], [format.quote!]]);
    views.push({ logShares: logShares.map(rounded), none: rounded(none - quote) });
  }
  return views;
};

/** With what words say, which is computed anew. */
const withWords = ({ set, half, document, questions }: Subject, views: readonly View[]): Pointed[] => {
  const find = createFinder(document, document.sentences);
  return questions.map(({ question, isAnswer }, i): Pointed => {
    const found = find(question, { most: SHORTLIST });
    return {
      ...views[i],
      set,
      half,
      answerable: isAnswer !== undefined,
      evidence: found[0]?.evidence ?? -1,
      words: found.map(({ words }) => words),
      places: found.map(({ sentence }) => sentence.index),
      right: found.map(({ sentence }) => isAnswer?.(sentenceText(document, sentence), sentence.index) ?? false),
    };
  });
};

/** Of every question of the sets; how far it is is said. What was computed before it was stopped is not computed again. */
export const pointedAnswers = async (gpu: GPU, path: string): Promise<Pointed[]> => {
  const bytes = new Uint8Array(readFileSync(path));
  const folder = join(tmpdir(), 'longleaf-bench');
  mkdirSync(folder, { recursive: true });
  const name = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  // A line for every document, in order.
  const file = join(folder, `pointed-${FORM}-${name}.jsonl`);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  const all = subjects();
  if (lines.length < all.length) {
    const engine = await createEngine(gpu, await openModel(bytesSource(bytes)), { contextLength: WINDOW });
    for (const subject of all.slice(lines.length)) {
      lines.push(JSON.stringify(await viewsOf(engine, subject)));
      appendFileSync(file, `${lines.at(-1)}\n`);
      if (lines.length < 10 || lines.length % 20 === 0) console.log(`${lines.length} of ${all.length} documents`);
    }
    engine.dispose();
  }
  return all.flatMap((subject, i) => withWords(subject, JSON.parse(lines[i]) as View[]));
};
