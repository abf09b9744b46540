// Questions that a document answers, to begin with. A model that follows instructions is asked for some with the document in its
// window already; for any other the document's own sentences give them (words/questions.ts). Only those stay that words find an answer
// to: of one that was made from a sentence, that very sentence, first of all.
import { type ReadDocument, type Sentence, sentenceText, type WindowPlan } from '../document.ts';
import { promptFormat } from '../prompt.ts';
import { sectionsOf } from '../sections.ts';
import { apparatusOf, isApparatus } from '../words/apparatus.ts';
import { isSentence } from '../words/candidates.ts';
import { createFinder, type Finder } from '../words/evidence.ts';
import { isEnglish, type Kind, type MadeQuestion, type QuestionMaker, questionMaker } from '../words/questions.ts';
import { indexSentences, terms } from '../words/search.ts';
import { checkQuestion, FOUND_LIMITS, readSentences } from './ask.ts';
import { type Chooser, isEngine, type RankOptions } from './rank.ts';

const WANTED = 4;
/** With fewer, a heading gives one more: "What does the document say about …?" says little, and three of them read like a list. */
const FEW = 3;
const LONGEST = 120;
const MOST_TOKENS = 160;
const TASK =
  'Write three short questions that the document answers, about its most important facts. Each on its own line, nothing else.';
/** Questions that are put to the document, at most. */
const MOST_TRIED = 24;
/** What a reader gains by a kind of question, beside what it asks about (0 to 1); by taste. */
const WORTH: Record<Kind, number> = {
  which: 1,
  why: 1,
  how: 0.9,
  amount: 0.9,
  must: 0.9,
  when: 0.75,
  who: 0.75,
  means: 0.7,
  what: 0.6,
  where: 0.6,
  event: 0.1,
  about: 0,
};
/** What it loses for every question of its kind that was taken, and for one made of a place nearby (share of the document). */
const AGAIN = 0.5;
const NEARBY = 0.5;
const NEAR = 0.12;
/** Rather fewer than one that is worth less than this. */
const LEAST_WORTH = 0;
/** Share of the words of a question that another one has too: both ask about the same. */
const SAME = 0.5;

/** A question, with the sentence that it was made from where it was. */
interface Suggested extends MadeQuestion {
  from: Sentence;
  /** Place in the document, 0 to 1. */
  place: number;
  worth: number;
}

/** Up to four questions, none of which the document would leave unanswered. Rejects with the signal's reason when stopped. */
export const suggestQuestions = async (
  engine: Chooser,
  document: ReadDocument,
  plan: WindowPlan,
  options: RankOptions = {},
): Promise<string[]> => {
  const asked = await fromModel(engine, plan, options);
  const sentences = readSentences(document, plan);
  const find = createFinder(document, sentences);
  const isAnswered = (text: string, from?: Sentence): boolean => {
    const [best] = find(text, { most: 1 });
    return best !== undefined && best.evidence >= FOUND_LIMITS.sure && (from === undefined || best.sentence === from);
  };
  const found = [...new Set(asked)].filter((text) => isAnswered(text)).slice(0, WANTED);
  if (found.length >= FEW || !isEnglish(document.text)) return found;
  const maker = questionMaker(document.text);
  const made = fromSentences(document, sentences, maker);
  const taken = takeVaried(made, WANTED - found.length, ({ text, from }) => isAnswered(text, from));
  found.push(...taken.map(({ text }) => text));
  return found.length < FEW ? [...found, ...fromHeadings(document, maker, find).take(1)] : found;
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

/** The worthiest that differ from one another in kind, place and words, in the document's order. */
const takeVaried = (
  made: readonly Suggested[],
  wanted: number,
  isAnswered: (one: Suggested) => boolean,
): Suggested[] => {
  const left = new Set(made);
  const taken: Suggested[] = [];
  const worthNow = (one: Suggested): number =>
    taken.reduce(
      (worth, other) =>
        worth - (one.kind === other.kind ? AGAIN : 0) - (Math.abs(one.place - other.place) < NEAR ? NEARBY : 0),
      one.worth,
    );
  for (let tried = 0; tried < MOST_TRIED && taken.length < wanted && left.size > 0; tried++) {
    const best = [...left].reduce((a, b) => (worthNow(b) > worthNow(a) ? b : a));
    left.delete(best);
    if (worthNow(best) < LEAST_WORTH) break;
    if (!taken.some((other) => asksTheSame(best, other)) && isAnswered(best)) taken.push(best);
  }
  return taken.sort((a, b) => a.place - b.place);
};

const asksTheSame = (one: Suggested, other: Suggested): boolean => {
  const [words, others] = [new Set(terms(one.text)), new Set(terms(other.text))];
  const shared = [...words].filter((word) => others.has(word)).length;
  return one.from === other.from || shared > SAME * Math.min(words.size, others.size);
};

/** Of sentences of running text; those on what the document speaks of most are worth most. */
const fromSentences = (document: ReadDocument, sentences: readonly Sentence[], maker: QuestionMaker): Suggested[] => {
  const apparatus = Object.values(apparatusOf(document));
  const prose = sentences.filter(
    (one) =>
      one.kind === 'prose' &&
      !apparatus.some((set) => set.has(one.index)) &&
      isSentence(one, sentenceText(document, one)),
  );
  const { counts } = indexSentences(prose.map((one) => sentenceText(document, one)));
  const spread = new Map<string, number>();
  for (const count of counts) for (const term of count.keys()) spread.set(term, (spread.get(term) ?? 0) + 1);
  const most = Math.log(1 + Math.max(1, ...spread.values()));
  const spoken = (text: string): number => {
    const own = terms(text);
    const sum = own.reduce((all, term) => all + Math.log(1 + (spread.get(term) ?? 0)), 0);
    return sum / Math.max(1, own.length) / most;
  };
  return prose
    .flatMap((from) =>
      maker.of(sentenceText(document, from)).map((one) => ({
        ...one,
        from,
        place: from.start / Math.max(1, document.text.length),
        worth: WORTH[one.kind] + spoken(one.text),
      })),
    )
    .filter(({ text }) => text.length <= LONGEST);
};

/** On what stands under a heading, where the best that is said on it is a sentence from there. */
function* fromHeadings(document: ReadDocument, maker: QuestionMaker, find: Finder): Generator<string> {
  const apparatus = Object.values(apparatusOf(document));
  for (const { title, first, last } of sectionsOf(document)) {
    const text = isApparatus(title) || isTitle(document, title) ? undefined : maker.about(title)?.text;
    const [best] = text === undefined ? [] : find(text, { most: 1 });
    if (!best || best.evidence < FOUND_LIMITS.sure) continue;
    const { index } = best.sentence;
    const isSaid = isSentence(best.sentence, sentenceText(document, best.sentence));
    if (index > first && index < last && isSaid && !apparatus.some((set) => set.has(index))) yield text!;
  }
}

const isTitle = ({ title }: ReadDocument, heading: string): boolean =>
  title.toLowerCase().includes(heading.toLowerCase());
