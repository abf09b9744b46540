// How near summaries of quotations by words alone (reading/words/salience.ts, candidates.ts) come to people's: ROUGE beside the first
// sentences and, for abstracts, the first sentence with "we" or "this paper". No model takes part.
import { sentenceText } from '../../reading/document.ts';
import { planWindow } from '../../reading/window.ts';
import { choose, preselect } from '../../reading/words/candidates.ts';
import { wordModel } from '../reading/scripted-engine.ts';
import { HALVES, meetings, openstax, type Summarized, scitldr, stories } from './corpus.ts';
import { meanRouge, rouge } from './rouge.ts';
import { shownRouge } from './shown.ts';

const [SCITLDR, OPENSTAX, LONG] = [500, 60, 30];
const WE = /\b(?:we|our|this (?:paper|work|article|study))\b/i;

const textsOf = ({ document }: Summarized): string[] =>
  document.sentences.filter(({ kind }) => kind !== 'heading').map((sentence) => sentenceText(document, sentence));

const model = wordModel({ trainedContext: 65_536 });

const words = ({ document, count }: Summarized): string[] => {
  const candidates = preselect(document, planWindow(document, model), { room: 1_000, most: Math.max(24, count) });
  return choose(
    candidates,
    candidates.map(({ prior }) => prior),
    count,
  )
    .sort((a, b) => a.span.start - b.span.start)
    .map(({ sentence }) => sentenceText(document, sentence));
};

const bench = (name: string, items: readonly Summarized[], we = false): void => {
  const row = (label: string, pick: (item: Summarized) => string[]): void => {
    const cells = HALVES.map((half) => {
      const of = items.filter((item) => item.half === half);
      return `${shownRouge(meanRouge(of.map((item) => rouge(pick(item).join(' '), item.references))))} of ${of.length}`;
    });
    console.log(`| ${name}, ${label} | ${cells.join(' | ')} |`);
  };
  row('lead', (item) => textsOf(item).slice(0, item.count));
  if (we)
    row('first with "we"', (item) => {
      const texts = textsOf(item);
      return [texts.find((text) => WE.test(text)) ?? texts[0]];
    });
  row('words', words);
};

export const benchSummariesByWords = (): void => {
  console.log('\nSummaries by words alone: ROUGE-1 / 2 / L, to fit | to measure');
  bench('SciTLDR, 1 sentence', scitldr(SCITLDR), true);
  bench('OpenStax sections, 5', openstax(OPENSTAX));
  bench('SQuALITY stories, 8', stories(LONG));
  bench('QMSum meetings, 6', meetings(LONG));
};
