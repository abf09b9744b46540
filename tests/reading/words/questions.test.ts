// Questions made of a document's own sentences and headings: they read as a person's do, or there are none.
import { expect, it } from 'vitest';
import { type ReadDocument, sentenceText } from '../../../reading/document.ts';
import { suggestQuestions } from '../../../reading/replies/suggest.ts';
import { planWindow } from '../../../reading/window.ts';
import { findByWords } from '../../../reading/words/evidence.ts';
import { isEnglish, questionMaker } from '../../../reading/words/questions.ts';
import { makeDocument } from '../made-document.ts';
import { scriptedEngine, wordModel } from '../scripted-engine.ts';

const about = (heading: string, text: string): string | undefined => questionMaker(text).about(heading)?.text;

it.for([
  ['A forest of grass and light', 'They wrote about a forest.', 'a forest of grass and light'],
  ['2.1 Builders and tenants', 'Two animals build here.', 'builders and tenants'],
  ['The Harbour Budget', 'It lies on the coast.', 'the Harbour Budget'],
  ['Skagen and its boats', 'In Skagen there are boats.', 'Skagen and its boats'],
  ['Control and Status Registers (CSRs)', 'Some control and status registers.', 'control and status registers (CSRs)'],
  ['NATO in the north', 'NATO was there.', 'NATO in the north'],
  ['ESTIMATED COSTS', 'The estimated costs are low.', 'estimated costs'],
  ['Using the ASVS', 'It is for using and for testing.', 'using the ASVS'],
] as const)('the heading “%s” inside a question', ([title, text, expected]) => {
  expect(about(title, text)).toBe(`What does the document say about ${expected}?`);
});

it.for([
  ['What is the ASVS?', '', 'What is the ASVS?'],
  ['Introduction', '', undefined],
  ['ESTIMATED COSTS—Continued', 'The estimated costs.', undefined],
  ['TABLE OF MODELS', 'Other words.', undefined],
  ['Permanent Layoff Permanent Closure', '', undefined],
  ['Changes Compared to v4.x', '', undefined],
  ['Costs', '', undefined],
] as const)('the heading “%s” by itself', ([title, text, expected]) => expect(about(title, text)).toBe(expected));

it.for([
  ['The mill was built in 1840.', ['When was the mill built?']],
  [
    'The Weir Foundation was founded by two engineers in March 1921, and it closed soon.',
    ['When was the Weir Foundation founded?'],
  ],
  ['A weir is a low dam across a river.', ['What is a weir?']],
  ['Return stacks are a part of modern processors.', ['What are return stacks?']],
  ['The lower gates are closed at night because nobody watches them.', ['Why are the lower gates closed at night?']],
  ['It was built in 1840.', []],
  ['The reason is a simple one.', []],
  ['Supporting old gates is a burden.', []],
  ['Anna Lind is an engineer.', []],
  ['A further problem is a lack of stone.', []],
  ['The gates, which are old, are a danger because they leak.', []],
] as const)('“%s”', ([sentence, expected]) => {
  const text = `${sentence} Here return is a word, and so are weir, mill and lower.`;
  expect(
    questionMaker(text)
      .of(sentence)
      .map((one) => one.text),
  ).toEqual(expected);
});

it('knows English from other languages', () => {
  expect(isEnglish('The mill is on the river and was built of stone for the monks.')).toBe(true);
  expect(isEnglish('Die Mühle liegt am Fluss und wurde aus Stein für die Mönche gebaut.')).toBe(false);
});

const suggested = async (document: ReadDocument): Promise<string[]> => {
  const model = wordModel();
  const plan = planWindow(document, model);
  return suggestQuestions(await scriptedEngine(model, () => 0, plan), document, plan);
};

const mill = makeDocument(
  [
    [
      [{ heading: 'The mill on the Ash' }],
      ['The old mill was built in 1840 on the river Ash.', 'A weir is a low dam that holds the water of a river back.'],
      [{ heading: 'Tenants and millers' }],
      ['The tenants of the mill were two millers, and their rent was paid in flour.', 'It was never paid in time.'],
      [{ heading: 'Other' }],
      ['There was a garden with three trees.'],
    ],
  ],
  'The mill on the Ash',
);

it('suggests questions of several kinds, each answered by the document', async () => {
  const questions = await suggested(mill);
  expect(questions.length).toBeGreaterThanOrEqual(2);
  expect(questions).toContain('When was the old mill built?');
  for (const question of questions) {
    const [best] = findByWords(mill, mill.sentences, question, { most: 1 });
    expect(best.evidence, question).toBeGreaterThan(0.6);
  }
});

it('names what it asks about as the document does, and asks about no licence', async () => {
  const crossed = ['Cattle', 'Traders', 'Settlers', 'Soldiers', 'Monks', 'Millers', 'Kings'].map(
    (who) => `${who} crossed the Red River that year.`,
  );
  const licence = ['spring', 'summer', 'autumn', 'winter'].map(
    (when) => `In ${when} this licence calls it the Modified Version too.`,
  );
  const questions = await suggested(makeDocument([[crossed, licence]]));
  expect(questions).toContain('What does the document say about the Red River?');
  expect(questions.join(' ')).not.toContain('Modified Version');
});

it('suggests nothing rather than something odd', async () => {
  const rows = ['Maxim San Jose Closure Permanent', 'Leidos El Segundo Layoff Permanent'].map((row) => [row]);
  expect(await suggested(makeDocument([[[{ heading: 'Layoff Permanent Closure Permanent' }], ...rows]]))).toEqual([]);
  const german = [['Die alte Mühle liegt am Fluss.', 'Das Wehr ist ein niedriger Damm, der das Wasser staut.']];
  expect(await suggested(makeDocument([[[{ heading: 'Verwendung der Mühle' }], ...german]]))).toEqual([]);
});

it('words on asking are no part of what is asked', () => {
  const first = (question: string) => {
    const [best] = findByWords(mill, mill.sentences, question, { most: 1 });
    return [sentenceText(mill, best.sentence), best.evidence];
  };
  expect(first('What does the document say about the rent of the millers?')).toEqual(first('the rent of the millers'));
  expect(first('According to the report, when was the mill built?')).toEqual(first('when was the mill built?'));
});
