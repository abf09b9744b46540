// Questions that a document answers, to begin with. A model that follows instructions is asked for some with the document in its
// window already; for any other the document's own sentences, headings and names give them (words/questions.ts). Only those stay
// that words find an answer to: of one that was made from a sentence, that very sentence.
import { type ReadDocument, type Sentence, sentenceText, type WindowPlan } from '../document.ts';
import { promptFormat } from '../prompt.ts';
import { sectionsOf } from '../sections.ts';
import { apparatusOf, isApparatus } from '../words/apparatus.ts';
import { createFinder } from '../words/evidence.ts';
import { isEnglish, type MadeQuestion, type QuestionMaker, questionMaker } from '../words/questions.ts';
import { indexSentences, terms } from '../words/search.ts';
import { checkQuestion, FOUND_LIMITS, readSentences } from './ask.ts';
import { type Chooser, isEngine, type RankOptions } from './rank.ts';

const WANTED = 3;
const LONGEST = 120;
const MOST_TOKENS = 160;
const TASK =
  'Write three short questions that the document answers, about its most important facts. Each on its own line, nothing else.';
/** Questions of each source that are tried. */
const MOST_TRIED = 8;
/** A name that is met less often is no subject of the document. */
const LEAST_NAMED = 4;

/** A question, with the sentence that it was made from where it was. */
interface Suggested {
  text: string;
  kind?: MadeQuestion['kind'];
  from?: Sentence;
}

/** Up to three questions, none of which the document would leave unanswered. Rejects with the signal's reason when stopped. */
export const suggestQuestions = async (
  engine: Chooser,
  document: ReadDocument,
  plan: WindowPlan,
  options: RankOptions = {},
): Promise<string[]> => {
  const asked: Suggested[] = (await fromModel(engine, plan, options)).map((text) => ({ text }));
  const sentences = readSentences(document, plan);
  const find = createFinder(document, sentences);
  const isAnswered = ({ text, from }: Suggested): boolean => {
    const [best] = find(text, { most: 1 });
    return best !== undefined && best.evidence >= FOUND_LIMITS.sure && (from === undefined || best.sentence === from);
  };
  const found: string[] = [];
  const kinds = new Set<MadeQuestion['kind']>();
  const take = (all: readonly Suggested[], isWanted: (one: Suggested) => boolean): void => {
    for (const one of all) {
      if (found.length === WANTED) return;
      if (found.includes(one.text) || !isWanted(one) || !isAnswered(one)) continue;
      found.push(one.text);
      if (one.kind) kinds.add(one.kind);
    }
  };
  take(asked, () => true);
  if (found.length === WANTED || !isEnglish(document.text)) return found;
  const maker = questionMaker(document.text);
  const { legal } = apparatusOf(document);
  const told = sentences.filter(({ index }) => !legal.has(index));
  const made = fromSentences(document, told, maker);
  const about = [...fromHeadings(document, maker), ...fromNames(document, told, maker)];
  // One of every kind first: three of one kind read like a list.
  take(made, ({ kind }) => !kinds.has(kind!) && found.length < WANTED - 1);
  take(about, () => true);
  take(made, () => true);
  return found;
};

const fromModel = async (engine: Chooser, plan: WindowPlan, { signal }: RankOptions): Promise<string[]> => {
  const { task } = promptFormat(engine.tokenizer);
  if (!task || !isEngine(engine)) return [];
  const asked = task(TASK);
  const prompt = [...plan.ids, ...asked.ids];
  const room = engine.contextLength - prompt.length - 1;
  if (room < MOST_TOKENS) return [];
  const filter = engine.tokenizer.replyFilter(asked);
  let text = '';
  for await (const token of engine.generate(prompt, { maxTokens: MOST_TOKENS, signal })) text += filter.push(token);
  signal?.throwIfAborted();
  return (text + filter.finish())
    .split('\n')
    .map((line) => line.replace(/^\s*(?:[-*•]|\d{1,2}[.)])\s*/, '').trim())
    .filter((line) => line.endsWith('?') && line.length <= LONGEST)
    .map(checkQuestion);
};

/** Of sentences of running text, those on what the document speaks of most first. */
const fromSentences = (document: ReadDocument, sentences: readonly Sentence[], maker: QuestionMaker): Suggested[] => {
  const { references, captions } = apparatusOf(document);
  const prose = sentences.filter(
    ({ kind, index }) => kind === 'prose' && !references.has(index) && !captions.has(index),
  );
  const { counts } = indexSentences(prose.map((one) => sentenceText(document, one)));
  const spread = new Map<string, number>();
  for (const count of counts) for (const term of count.keys()) spread.set(term, (spread.get(term) ?? 0) + 1);
  const weight = (text: string): number => {
    const own = terms(text);
    return own.reduce((sum, term) => sum + Math.log(1 + (spread.get(term) ?? 0)), 0) / Math.max(1, own.length);
  };
  return prose
    .flatMap((from) => maker.of(sentenceText(document, from)).map((one) => ({ ...one, from })))
    .map((one) => ({ one, weight: weight(one.text) }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST_TRIED)
    .map(({ one }) => one);
};

const fromHeadings = (document: ReadDocument, maker: QuestionMaker): Suggested[] =>
  sectionsOf(document)
    .filter(({ title }) => !document.title.toLowerCase().includes(title.toLowerCase()) && !isApparatus(title))
    .flatMap(({ title }) => maker.about(title) ?? [])
    .slice(0, MOST_TRIED);

/** Behind a word written small: two to four words with capitals, all of the name. */
const NAME = /(?<=(?:^|[\s(])\p{Ll}+ )\p{Lu}\p{Ll}{2,}(?: \p{Lu}\p{Ll}{2,}){1,3}(?=[ ,.;:’'])(?! [\p{Lu}\d])/gu;

/** For what is named most often. */
const fromNames = (document: ReadDocument, sentences: readonly Sentence[], maker: QuestionMaker): Suggested[] => {
  const counts = new Map<string, { all: number; the: number }>();
  for (const one of sentences) {
    const text = sentenceText(document, one);
    for (const { 0: name, index } of text.matchAll(NAME)) {
      const { all, the } = counts.get(name) ?? { all: 0, the: 0 };
      counts.set(name, { all: all + 1, the: the + (text.slice(0, index).endsWith('the ') ? 1 : 0) });
    }
  }
  return [...counts]
    .filter(([, { all }]) => all >= LEAST_NAMED)
    .sort((a, b) => b[1].all - a[1].all)
    .flatMap(([name, { all, the }]) => maker.about(2 * the > all ? `the ${name}` : name) ?? [])
    .slice(0, MOST_TRIED);
};
