// How well sentences of people's summaries are led back to the text (reading/replies/align.ts): how many of the true ones are verified or
// near, how many that were made false or belong to another text, and whether the sentence cited is one that the summary rests on.
import type { Status } from '../../reading/document.ts';
import { createAligner } from '../../reading/replies/align.ts';
import { claimOf, sameFamily } from '../../reading/words/claims.ts';
import { isStopWord, terms } from '../../reading/words/search.ts';
import { HALVES, type Half, openstaxClaims, qmsum, squalityClaims, type Told, tldrClaims } from './corpus.ts';
import { percent } from './shown.ts';

const LIES = ['number', 'name', 'negation', 'word'] as const;
type Lie = (typeof LIES)[number];

/** The same sentence made false in one place each, with numbers, names and words that the document has elsewhere. */
const falsified = (text: string, { document }: Told): Partial<Record<Lie, string>> => {
  const isOther = (word: string): boolean => !isStopWord(word.toLowerCase()) && terms(word).length === 1;
  const swap = (pattern: RegExp, usual: string): string | undefined => {
    const found = text.match(pattern)?.find(isOther);
    if (found === undefined) return undefined;
    const own = claimOf(text, () => false).tokens.map(({ form }) => form);
    const from = (document.text.match(pattern) ?? []).filter(
      (word) =>
        isOther(word) &&
        claimOf(word, () => false).tokens.some(({ form }) => !own.some((one) => sameFamily(one, form))),
    );
    return text.replace(found, from[text.length % Math.max(1, from.length)] ?? usual);
  };
  const number = swap(/\b\d+(?:[.,]\d+)*\b/g, '17');
  const name = swap(/(?<=\p{Ll} )\p{Lu}\p{Ll}{2,}/gu, 'Ferdinand');
  const word = swap(/(?<=\p{L} )\p{Ll}{7,}\b/gu, 'locomotive');
  const verb = /\b(?:is|are|was|were|can|will|should|has|have|does|did)\b(?! not)/.exec(text);
  const negation = /\bnot\b/.test(text)
    ? text.replace(/ not\b/, '')
    : verb
      ? text.replace(verb[0], `${verb[0]} not`)
      : undefined;
  return { ...(number && { number }), ...(name && { name }), ...(negation && { negation }), ...(word && { word }) };
};

type Counts = Record<Status, number> & { of: number };
const none = (): Counts => ({ verified: 0, repaired: 0, near: 0, unverified: 0, of: 0 });
const shown = ({ of, verified, repaired, near }: Counts): string =>
  `${percent(verified + repaired, of)}, ${percent(near, of)} of ${of}`;

const measure = (name: string, all: readonly Told[], half: Half): void => {
  const told = all.filter((one) => one.half === half);
  const own = none();
  const copied = none();
  const other = none();
  const lies: Record<Lie, Counts> = { number: none(), name: none(), negation: none(), word: none() };
  const page = { cited: 0, known: 0, right: 0, near: 0, nearRight: 0, chance: 0 };
  told.forEach((one, i) => {
    const { document, claims } = one;
    const aligner = createAligner(document, document.sentences);
    const count = (counts: Counts, text: string): ReturnType<typeof aligner.align> => {
      const aligned = aligner.align(text);
      counts.of++;
      counts[aligned.status]++;
      return aligned;
    };
    const countLies = (text: string): void => {
      for (const [kind, lie] of Object.entries(falsified(text, one)))
        if (!document.text.includes(lie)) count(lies[kind as Lie], lie);
    };
    for (const { text, restsOn } of claims) {
      const { status, sources } = count(own, text);
      if (sources.length > 0) page.cited++;
      if (sources.length > 0 && restsOn.size > 0) {
        page.known++;
        page.chance += restsOn.size / document.sentences.length;
        const right = restsOn.has(sources[0].index);
        if (right) page.right++;
        if (status !== 'unverified') page.near++;
        if (status !== 'unverified' && right) page.nearRight++;
      }
      countLies(text);
    }
    for (const { text } of told[(i + 1) % told.length].claims) count(other, text);
    // What the document itself says, and the same made false.
    for (const { start, end } of document.sentences.filter((_, n) => n % 10 === 0)) {
      const text = document.text.slice(start, end);
      count(copied, text);
      countLies(text);
    }
  });
  console.log(`\n${name}, ${half}: verified, near`);
  console.log(`| people's own summary sentences | ${shown(own)} |`);
  console.log(`| sentences of the text itself | ${shown(copied)} |`);
  console.log(`| summary sentences of another text | ${shown(other)} |`);
  for (const kind of LIES) console.log(`| made false: another ${kind} | ${shown(lies[kind])} |`);
  console.log(`| led to a page | ${percent(page.cited, own.of)} |`);
  if (page.known === 0) return;
  console.log(`| the sentence cited is one that it rests on | ${percent(page.right, page.known)} of ${page.known} |`);
  console.log(`| the same of those verified or near | ${percent(page.nearRight, page.near)} of ${page.near} |`);
  console.log(`| the same by chance | ${percent(page.chance, page.known)} |`);
};

export const benchAlignment = (): void => {
  const sets: [string, readonly Told[]][] = [
    ['SciTLDR', tldrClaims(400)],
    ['QMSum', qmsum(24)],
    ['OpenStax', openstaxClaims(30)],
    ['SQuALITY', squalityClaims(10)],
  ];
  for (const [name, all] of sets) for (const half of HALVES) measure(name, all, half);
};
