// Questions that a document answers, to begin with. A model that follows instructions is asked for some with the document in its
// window already; for any other the headings give them. Only those stay that words find an answer to.
import type { Engine } from '../../gpu/api.ts';
import { type ReadDocument, sentenceText, type WindowPlan } from '../document.ts';
import { promptFormat } from '../prompt.ts';
import { sectionsOf } from '../sections.ts';
import { findByWords } from '../words/evidence.ts';
import { indexSentences, terms } from '../words/search.ts';
import { checkQuestion, FOUND_LIMITS, readSentences } from './ask.ts';
import type { RankOptions } from './rank.ts';

const WANTED = 3;
const LONGEST = 120;
const MOST_TOKENS = 160;
const TASK =
  'Write three short questions that the document answers, about its most important facts. Each on its own line, nothing else.';

/** Up to three questions, none of which the document would leave unanswered. Rejects with the signal's reason when stopped. */
export const suggestQuestions = async (
  engine: Engine,
  document: ReadDocument,
  plan: WindowPlan,
  options: RankOptions = {},
): Promise<string[]> => {
  const asked = await fromModel(engine, plan, options);
  const all = [...asked, ...fromHeadings(document), ...fromNames(document, plan)];
  const sentences = readSentences(document, plan);
  const found: string[] = [];
  for (const question of all) {
    if (found.length === WANTED) break;
    const [best] = findByWords(document, sentences, question, { most: 1 });
    if (best && best.evidence >= FOUND_LIMITS.sure && !found.includes(question)) found.push(question);
  }
  return found;
};

const fromModel = async (engine: Engine, plan: WindowPlan, { signal }: RankOptions): Promise<string[]> => {
  const { task } = promptFormat(engine.tokenizer);
  if (!task) return [];
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

/** "What about …?" for headings that mean something by themselves. */
const fromHeadings = (document: ReadDocument): string[] =>
  sectionsOf(document)
    .map(({ title }) => title.replace(/^[\d.\s]+|[\s.:]+$/g, ''))
    .filter((title) => title !== document.title && terms(title).length >= 2 && title.length <= LONGEST / 2)
    .map((title) => aboutIt(withinSentence(title, document.text)));

/** A heading as it stands inside a sentence: "A forest of grass" is "a forest of grass", "Skagen's harbour" stays. */
export const withinSentence = (title: string, text: string): string => {
  const [first = '', ...others] = title.split(/(?=[\s,])/);
  const small = first.toLowerCase();
  // A word that is small elsewhere in the document is no name; of a heading in capitals only the article becomes small.
  if (!/^\p{Lu}[\p{Ll}']*$/u.test(first) || (/\p{Lu}/u.test(others.join('')) && !/^(?:an?|the)$/.test(small)))
    return title;
  const isCommon = new RegExp(`(?<![\\p{L}\\p{N}])${small}(?![\\p{L}\\p{N}])`, 'u').test(text);
  return isCommon ? small + others.join('') : title;
};

/** For what is named most often. */
const fromNames = (document: ReadDocument, plan: WindowPlan): string[] => {
  const texts = readSentences(document, plan).map((sentence) => sentenceText(document, sentence));
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const [name] of text.matchAll(/(?<=\p{Ll} )\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)+/gu))
      counts.set(name, (counts.get(name) ?? 0) + 1);
  const { idf } = indexSentences(texts);
  const weight = ([name, count]: [string, number]): number =>
    Math.log(1 + count) * terms(name).reduce((sum, term) => sum + idf(term), 0);
  return [...counts].sort((a, b) => weight(b) - weight(a)).map(([name]) => aboutIt(name));
};

const aboutIt = (what: string): string => `What about ${what}?`;
