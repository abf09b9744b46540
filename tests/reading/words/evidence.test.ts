// What words alone say on a question: which sentence comes first, and how much of the question it meets.
import { expect, it } from 'vitest';
import { sentenceText } from '../../../reading/document.ts';
import { findByWords, leansOnPrevious } from '../../../reading/words/evidence.ts';
import { makeDocument } from '../made-document.ts';

const found = (paragraphs: string[][], question: string) => {
  const document = makeDocument([paragraphs]);
  const list = findByWords(document, document.sentences, question, { most: 10 });
  return list.map(({ sentence, evidence }) => ({ text: sentenceText(document, sentence), evidence }));
};

it.each([
  ['When did the mill burn down?', 'The mill burned down in 1884.', 'The mill burned down to its foundations.'],
  ['How many people work in the mill?', 'The mill gives work to eighty people.', 'People like to work in the mill.'],
  [
    'Who owns the mill on the river?',
    'The mill on the river belongs to Anna Berg.',
    'The mill on the river has a boat.',
  ],
  [
    'Where was the mill wheel cast?',
    'The wheel of the mill was cast in Leeds.',
    'The wheel of the mill was cast of iron.',
  ],
])('prefers the kind of thing that is asked for: %s', (question, answer, other) => {
  expect(found([[other], [answer]], question)[0].text).toBe(answer);
  expect(found([[answer], [other]], question)[0].text).toBe(answer);
});

it('does not take for an answer what the question itself gives', () => {
  const texts = [['In 1884 the mill burned.'], ['Until 1890 the mill stood empty.']];
  expect(found(texts, 'Since the fire of 1884, when was the mill empty?')[0].text).toMatch(/1890/);
});

it('lets forms of a word meet that have no stem in common, and words that follow one another count', () => {
  const forms = [['Trade was slow that year.'], ['The Normans invaded the island.'], ['Ships were built of oak.']];
  expect(found(forms, 'Which invasion reached the shore?')[0].text).toMatch(/invaded/);
  const pairs = [['The board of the school met in spring.'], ['The school board met in spring.']];
  expect(found(pairs, 'What did the school board do?')[0].text).toMatch(/school board/);
});

it('counts the sentence before in the same paragraph only', () => {
  const fell = (paragraphs: string[][]): number =>
    found(paragraphs, 'Why did the abbey fall?').find(({ text }) => text === 'It will fall next winter.')!.evidence;
  const [abbey, fall] = ['The abbey was founded by Konrad.', 'It will fall next winter.'];
  expect(fell([[abbey, fall]])).toBeGreaterThan(fell([[abbey], [fall]]));
});

it('measures evidence in the same way for every question', () => {
  const texts = [['The old mill stands on the river Ash.'], ['Its garden is open on Sundays.']];
  expect(found(texts, 'Where does the old mill stand?')[0].evidence).toBeGreaterThan(1.5);
  expect(found(texts, 'Which river in Peru carries the most gold dust every year?')[0].evidence).toBeLessThan(0.6);
  expect(found(texts, 'How do volcanoes erupt?')).toEqual([]);
});

it('knows a sentence that leans on the one before', () => {
  for (const text of ['It fell.', 'However, the mill fell.', 'Foresters call this period the grass stage.'])
    expect(leansOnPrevious(text), text).toBe(true);
  for (const text of ['The mill fell.', 'It is known that the mill fell.', 'Items are sold in the shop.'])
    expect(leansOnPrevious(text), text).toBe(false);
});
