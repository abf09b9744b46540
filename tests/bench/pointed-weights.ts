// What the pointer counts in answers: the right sentence first, or among three, by words and by words with the pointer's view at
// several weights, on a half of the documents to fit and on another to measure; and whether anything that it says tells questions
// that the document answers from those that were written to look so. Prints the number that reading/replies/ask.ts should have.
import { ANSWER_WEIGHTS, byPointer, POINTED } from '../../reading/replies/ask.ts';
import { HALVES } from './corpus.ts';
import { type Pointed, pointedAnswers } from './pointed.ts';
import { percent } from './shown.ts';

const WEIGHTS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2];
const ALONE = 1_000;

interface Hits {
  first: number;
  three: number;
  of: number;
}

/** Whether each sentence is right, in the order of words and `weight` times the view of the first `most`. */
const ordered = ({ words, places, right, logShares }: Pointed, weight: number, most: number): boolean[] => {
  const found = words.map((one, i) => ({ words: one, right: right[i] }));
  const view = places.slice(0, most).map((place) => logShares[place]);
  return [...byPointer(found.slice(0, most), view, weight), ...found.slice(most)].map((one) => one.right);
};

const hitsOf = (all: readonly Pointed[], weight: number, most: number): Hits => {
  const orders = all.map((one) => ordered(one, weight, most));
  const first = orders.filter(([best]) => best).length;
  return { first, three: orders.filter((order) => order.slice(0, 3).includes(true)).length, of: all.length };
};

const shown = ({ first, three, of }: Hits): string => `${percent(first, of)} / ${percent(three, of)} of ${of}`;

const halvesOf = (all: readonly Pointed[]): Pointed[][] => HALVES.map((half) => all.filter((one) => one.half === half));

const printHits = (name: string, all: readonly Pointed[], most = POINTED): void => {
  console.log(`\n${name}, the pointer on the best ${most} by words: hit@1 / hit@3, to fit | to measure`);
  for (const weight of [...WEIGHTS, ALONE]) {
    const label = weight === ALONE ? 'pointer alone' : weight === 0 ? 'words' : `words + ${weight} x pointer`;
    console.log(
      `| ${label} | ${halvesOf(all)
        .map((half) => shown(hitsOf(half, weight, most)))
        .join(' | ')} |`,
    );
  }
};

/** The weight that puts most right sentences first on the half to fit; of equal ones the one with more among three, then the smaller. */
const bestWeight = (all: readonly Pointed[]): number => {
  const [fit] = halvesOf(all);
  const worth = (weight: number): number => {
    const { first, three } = hitsOf(fit, weight, POINTED);
    return first + three / (fit.length + 1);
  };
  return WEIGHTS.reduce((best, weight) => (worth(weight) > worth(best) ? weight : best));
};

/** How often one of `above` is more than one of `below`: the area under the ROC curve. */
const areaUnder = (above: readonly number[], below: readonly number[]): number => {
  const won = above.flatMap((a) => below.map((b): number => (a > b ? 1 : a === b ? 0.5 : 0)));
  return won.reduce((sum, one) => sum + one, 0) / Math.max(1, won.length);
};

/** What might say that there is an answer. */
const SIGNS: Record<string, (one: Pointed) => number> = {
  "evidence of the best sentence's words (used)": ({ evidence }) => evidence,
  'largest share of the pointer': ({ logShares }) => Math.max(...logShares),
  'its share on the best sentence by words': ({ logShares, places }) =>
    logShares[places[0]] ?? Number.NEGATIVE_INFINITY,
  'log P of a quotation less that of none': ({ none }) => -none,
  'how little the pointer is spread (negative entropy)': ({ logShares }) =>
    logShares.reduce((sum, one) => sum + Math.exp(one) * one, 0),
};

const BLOCK = 10;

/** Of the article with questions of both kinds, by blocks of questions in turn: one article cannot be parted by titles. */
const printRefusals = (all: readonly Pointed[]): void => {
  const sets = new Map<number, Pointed[]>();
  for (const one of all) sets.set(one.logShares.length, [...(sets.get(one.logShares.length) ?? []), one]);
  const mixed = [...sets.values()].filter((set) => set.some((one) => !one.answerable)).flat();
  const halves = [0, 1].map((half) => mixed.filter((_, i) => Math.floor(i / BLOCK) % 2 === half));
  const count = mixed.filter((one) => one.answerable).length;
  console.log(`\nAnswerable from unanswerable (SQuAD 2.0, ${count} and ${mixed.length - count}), AUC: two halves`);
  for (const [name, sign] of Object.entries(SIGNS)) {
    const areas = halves.map((half) =>
      areaUnder(half.filter((one) => one.answerable).map(sign), half.filter((one) => !one.answerable).map(sign)),
    );
    console.log(`| ${name} | ${areas.map((area) => area.toFixed(3)).join(' | ')} |`);
  }
  console.log(
    `"None" is likelier than a quotation for ${all.filter(({ none }) => none > 0).length} of ${all.length} questions`,
  );
};

export const benchPointedAnswers = async (gpu: GPU, path: string): Promise<void> => {
  const all = await pointedAnswers(gpu, path);
  const answerable = all.filter((one) => one.answerable);
  for (const set of ['SQuAD', 'SelQA', 'QED'])
    printHits(
      set,
      answerable.filter((one) => one.set === set),
    );
  for (const most of [POINTED, 12, 24]) printHits('All', answerable, most);
  printRefusals(all);
  console.log(
    `\nANSWER_WEIGHTS.pointer (reading/replies/ask.ts): ${bestWeight(answerable)} is best to fit, ${ANSWER_WEIGHTS.pointer} is used`,
  );
};
