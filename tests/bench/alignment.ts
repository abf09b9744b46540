// How well sentences of people's summaries are led back to the text (reading/align.ts): how many of the true ones are verified, how
// many that belong to another text or were made false, and whether the nearest sentence is one that the summary rests on.
import { createAligner } from '../../reading/align.ts';
import { qmsum, type Told, tldrClaims } from './corpus.ts';

const percent = (part: number, of: number): string => `${((100 * part) / Math.max(1, of)).toFixed(1)} % of ${of}`;

/** The same sentence made false in one place, where it has such a place. */
const falsified = (text: string): string[] => {
  const made: string[] = [];
  const number = /\b\d+(?:\.\d+)?\b/.exec(text);
  if (number) made.push(text.replace(number[0], `${Number(number[0]) + 3}`));
  const verb = /\b(?:is|are|was|were|can|will|should|has|have|does|did)\b(?! not)/.exec(text);
  if (verb) made.push(text.replace(verb[0], `${verb[0]} not`));
  if (/\bnot\b/.test(text)) made.push(text.replace(/ not\b/, ''));
  const name = /(?<=\S )\p{Lu}\p{L}{2,}/u.exec(text);
  if (name) made.push(text.replace(name[0], 'Ferdinand'));
  const noun = /\b\p{Ll}{7,}\b/u.exec(text);
  if (noun) made.push(text.replace(noun[0], 'locomotive'));
  return made;
};

const measure = (name: string, all: readonly Told[]): void => {
  const count = { own: 0, verified: 0, other: 0, otherVerified: 0, false: 0, falseVerified: 0, named: 0, right: 0 };
  let [copied, copiedVerified, chance] = [0, 0, 0];
  all.forEach(({ document, claims }, i) => {
    const aligner = createAligner(document, document.sentences);
    for (const { text, restsOn } of claims) {
      const { status, sources } = aligner.align(text);
      count.own++;
      if (status !== 'unverified') count.verified++;
      if (sources.length > 0 && restsOn.size > 0) {
        count.named++;
        chance += restsOn.size / document.sentences.length;
        if (restsOn.has(sources[0].index)) count.right++;
      }
      for (const lie of falsified(text)) {
        count.false++;
        if (aligner.align(lie).status !== 'unverified') count.falseVerified++;
      }
    }
    for (const { text } of all[(i + 1) % all.length].claims) {
      count.other++;
      if (aligner.align(text).status !== 'unverified') count.otherVerified++;
    }
    // What the document itself says, and the same made false.
    for (const { start, end } of document.sentences.filter((_, n) => n % 5 === 0)) {
      const text = document.text.slice(start, end);
      copied++;
      if (aligner.align(text).status !== 'unverified') copiedVerified++;
      for (const lie of falsified(text)) {
        count.false++;
        if (aligner.align(lie).status !== 'unverified' && !document.text.includes(lie)) count.falseVerified++;
      }
    }
  });
  console.log(`\n${name}`);
  console.log(`| people's own summary sentences verified | ${percent(count.verified, count.own)} |`);
  console.log(`| sentences of the text itself verified | ${percent(copiedVerified, copied)} |`);
  console.log(`| summary sentences of another text verified | ${percent(count.otherVerified, count.other)} |`);
  console.log(`| sentences made false verified | ${percent(count.falseVerified, count.false)} |`);
  console.log(`| nearest sentence is one that the summary rests on | ${percent(count.right, count.named)} |`);
  console.log(`| the same by chance | ${percent(Math.round(chance), count.named)} |`);
};

export const benchAlignment = (): void => {
  measure('SciTLDR', tldrClaims(400));
  measure('QMSum', qmsum(30));
};
