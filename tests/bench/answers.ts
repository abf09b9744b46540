// How good answers by words alone are (reading/words/evidence.ts): the right sentence first or among three, beside plain BM25, and how
// often it is said that the document does not say, for questions that it answers and for others. No model takes part.
import { sentenceText } from '../../reading/document.ts';
import { FOUND_LIMITS } from '../../reading/replies/ask.ts';
import { findByWords } from '../../reading/words/evidence.ts';
import { bm25, indexSentences } from '../../reading/words/search.ts';
import { type Asked, HALVES, type Half, qed, type Refused, selqa, squad, squadRefused } from './corpus.ts';
import { percent } from './shown.ts';

/** Of SQuAD every third question, of the others all. */
const SHARE = 3;
const LIMITS = [0.3, 0.4, 0.5, 0.6];

interface Hits {
  of: number;
  first: number;
  three: number;
}

const emptyHits = (): Hits => ({ of: 0, first: 0, three: 0 });
const count = (hits: Hits, right: readonly boolean[]): void => {
  hits.of++;
  if (right[0]) hits.first++;
  if (right.slice(0, 3).includes(true)) hits.three++;
};
const shown = ({ of, first, three }: Hits): string => `${percent(first, of)} / ${percent(three, of)} of ${of}`;

const benchHits = (name: string, items: readonly Asked[]): void => {
  const plain = { fit: emptyHits(), measure: emptyHits() };
  const ours = { fit: emptyHits(), measure: emptyHits() };
  for (const { half, document, questions } of items) {
    const texts = document.sentences.map((sentence) => sentenceText(document, sentence));
    const index = indexSentences(texts);
    for (const { question, isAnswer } of questions) {
      const scores = bm25(index, question);
      const met = scores.map((_, i) => i).filter((i) => scores[i] > 0);
      const order = met.sort((a, b) => scores[b] - scores[a]);
      count(
        plain[half],
        order.slice(0, 3).map((i) => isAnswer(texts[i], i)),
      );
      const found = findByWords(document, document.sentences, question, { most: 3 });
      count(
        ours[half],
        found.map(({ sentence }) => isAnswer(texts[sentence.index], sentence.index)),
      );
    }
  }
  console.log(`| ${name}, BM25 | ${HALVES.map((half) => shown(plain[half])).join(' | ')} |`);
  console.log(`| ${name}, words | ${HALVES.map((half) => shown(ours[half])).join(' | ')} |`);
};

const evidenceOf = ({ document }: Pick<Refused, 'document'>, question: string): number =>
  findByWords(document, document.sentences, question, { most: 1 })[0]?.evidence ?? Number.NEGATIVE_INFINITY;

/** Shares of questions at or above each limit, and what that makes of "the document does not say". */
const benchRefusals = (half: Half): void => {
  const answered = squad(Number.POSITIVE_INFINITY, SHARE)
    .filter((one) => one.half === half)
    .flatMap((one) => one.questions.map(({ question }) => evidenceOf(one, question)));
  const refused = squadRefused(SHARE).filter((one) => one.half === half);
  const elsewhere = refused.flatMap((one) => one.elsewhere.map((question) => evidenceOf(one, question)));
  const unanswerable = refused.flatMap((one) => one.unanswerable.map((question) => evidenceOf(one, question)));
  const above = (all: readonly number[], limit: number): number => all.filter((one) => one >= limit).length;
  console.log(`\n"The document does not say", SQuAD, ${half}: at or above the limit`);
  console.log('| limit | answerable | of another article | written to look answerable | refusal: precision, recall |');
  for (const limit of LIMITS) {
    const [a, e, u] = [answered, elsewhere, unanswerable].map((all) => above(all, limit));
    const right = elsewhere.length - e;
    const wrong = answered.length - a;
    console.log(
      `| ${limit}${limit === FOUND_LIMITS.least ? ' (used)' : ''} | ${percent(a, answered.length)} of ${answered.length} | ${percent(e, elsewhere.length)} of ${elsewhere.length} | ${percent(u, unanswerable.length)} of ${unanswerable.length} | ${percent(right, right + wrong)}, ${percent(right, elsewhere.length)} |`,
    );
  }
};

/** The same for short documents: their own questions, and those of two others. */
const benchShortRefusals = (name: string, items: readonly Asked[]): void => {
  const limit = FOUND_LIMITS.least;
  const cells = HALVES.map((half) => {
    const of = items.filter((item) => item.half === half);
    const own = of.flatMap((item) => item.questions.map(({ question }) => evidenceOf(item, question)));
    const others = of.flatMap((item, i) =>
      [7, 31].flatMap((step) => {
        const other = of[(i + step) % of.length];
        const differs = other.document.title.split(':')[0] !== item.document.title.split(':')[0];
        return differs ? [evidenceOf(item, other.questions[0].question)] : [];
      }),
    );
    const refused = (all: readonly number[]): string =>
      `${percent(all.filter((one) => one < limit).length, all.length)} of ${all.length}`;
    return `${refused(own)}; ${refused(others)}`;
  });
  console.log(`| ${name} | ${cells.join(' | ')} |`);
};

export const benchAnswers = (): void => {
  console.log('\nAnswers by words alone: hit@1 / hit@3, to fit | to measure');
  benchHits('SQuAD, whole articles', squad(Number.POSITIVE_INFINITY, SHARE));
  benchHits('SelQA, sections', selqa(Number.POSITIVE_INFINITY));
  benchHits('QED, paragraphs', qed());
  for (const half of HALVES) benchRefusals(half);
  console.log(
    '\n"The document does not say", short documents: of what they answer; of what another one answers, to fit | to measure',
  );
  benchShortRefusals('QED, paragraphs', qed({ titled: true }));
  benchShortRefusals('SelQA, sections', selqa(Number.POSITIVE_INFINITY, { titled: true }));
};
