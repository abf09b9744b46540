// What words alone say on a question: which sentence comes first, and how much of the question it meets.
import { expect, it } from 'vitest';
import { sentenceText } from '../../../reading/document.ts';
import { FOUND_LIMITS } from '../../../reading/replies/ask.ts';
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
  ['How large is the mill?', 'The mill is large, with 300 square metres.', 'The mill has large wheels and 12 doors.'],
  ['How often is the mill wheel oiled?', 'The mill wheel is oiled weekly.', 'The mill wheel is oiled with care.'],
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

it('lets other words for the same meet', () => {
  const texts = [['The miller filed a lawsuit over the weir.'], ['The miller wrote a song over the weir.']];
  expect(found(texts, 'Why did the miller sue over the weir?')[0].text).toMatch(/lawsuit/);
});

it('takes no question and no line of the contents for an answer, but a first line that is set like a heading', () => {
  const asks = [['How do I oil a wheel?'], ['To oil the mill wheel, take fat from the kitchen.']];
  expect(found(asks, 'How do I oil the mill wheel?')[0].text).toMatch(/kitchen/);
  const contents = [
    ['3.1 Which mill wheel turns best . . . . . . . 7'],
    ['Of the mill wheels the upper one turns better.'],
  ];
  expect(found(contents, 'Which mill wheel turns best?')[0].text).toMatch(/upper/);
  const first = 'IN ANY mill there are four wheels that turn: the upper, the lower, the old and the new';
  const document = makeDocument([[[{ heading: first }], ['A mill stands by the weir.']]]);
  const [best] = findByWords(document, document.sentences, 'What are the four wheels of a mill?', { most: 1 });
  expect(sentenceText(document, best.sentence)).toBe(first);
});

it('reads over the marks of notes: on words, and as numbers', () => {
  const texts = [['The mill has sixty workers3 in winter.'], ['The mill has bread for workers in winter.[12]']];
  expect(found(texts, 'How many workers does the mill have?')[0].text).toMatch(/sixty/);
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

it('finds in a letter what is asked in some words that it does not have, and nothing of other matters', () => {
  const letter = [
    ['Dear Mr Hale,', 'Thank you for looking at the house in Elm Street last week.'],
    [
      'The rent is 940 pounds a month and is due on the first.',
      'The deposit of 1,200 pounds must reach us by 14 March.',
    ],
    ['Pets are welcome if the garden is kept.', 'The keys can be had at our office from nine to five.'],
  ];
  const asked = 'When must the tenant pay the deposit for the house?';
  const [best] = found(letter, asked);
  expect(best.text).toMatch(/14 March/);
  expect(best.evidence).toBeGreaterThan(FOUND_LIMITS.least);
  for (const other of ['Which month has the least rainfall in Kenya?', 'Who wrote the opera Street Scene?'])
    expect(found(letter, other)[0]?.evidence ?? 0, other).toBeLessThan(FOUND_LIMITS.least);
});

it('knows a sentence that leans on the one before', () => {
  for (const text of ['It fell.', 'However, the mill fell.', 'Foresters call this period the grass stage.'])
    expect(leansOnPrevious(text), text).toBe(true);
  for (const text of ['The mill fell.', 'It is known that the mill fell.', 'Items are sold in the shop.'])
    expect(leansOnPrevious(text), text).toBe(false);
});
