// A sentence in the question's own words that says something else is no answer: the document does not say.
import { describe, expect, it } from 'vitest';
import { ask } from '../../../reading/replies/ask.ts';
import { wordsAlone } from '../../../reading/replies/rank.ts';
import { planWindow } from '../../../reading/window.ts';
import { contradicts } from '../../../reading/words/contradicts.ts';
import { makeDocument } from '../made-document.ts';
import { wordModel } from '../scripted-engine.ts';

it.for([
  ['Which mill was built after the flood?', 'The stone mill was built before the flood.'],
  ['What is the maximum rent of a mill?', 'The minimum rent of a mill is 40 crowns.'],
  ['Which weirs are not repaired by the town?', 'The weirs of the upper river are repaired by the town.'],
  ["What doesn't the miller pay?", 'The miller pays the rent and the repair of the weir.'],
  ['What did the weir cost in 1851?', 'In 1840 the weir cost 900 crowns.'],
] as const)('“%s” “%s”', ([question, sentence]) => {
  expect(contradicts(question)(sentence, sentence)).toBe(true);
});

it.for([
  ['Which mill was built before the flood?', 'The stone mill was built before the flood.'],
  ['Which mill is smaller?', 'The stone mill is larger than the wooden one.'],
  ['Which weirs are not repaired by the town?', 'The town refuses to repair the weirs of the lower river.'],
  ['What happens if the rent is not paid?', 'The landlord may end the lease.'],
  ['Why may the miller not sell flour?', 'The flour belongs to the town.'],
  ['Does it matter whether or not the weir holds?', 'The mill stops when the river falls.'],
  ['What did the weir cost in 1851?', 'The weir cost 900 crowns.'],
  ['When was Anna Lind born?', 'Anna Lind died at Ashford in 1904, 84 years of age.'],
  ['How many mills are there?', 'After the flood there are three mills.'],
] as const)('not so: “%s” “%s”', ([question, sentence]) => {
  expect(contradicts(question)(sentence, sentence)).toBe(false);
});

it('what stands around it counts', () => {
  const sentence = 'By 1852 the weir had cost 900 crowns.';
  expect(contradicts('What did the weir of 1851 cost?')(sentence, `The weir of 1851. ${sentence}`)).toBe(false);
  expect(contradicts('What did the weir of 1851 cost?')(sentence, `The weir of 1862. ${sentence}`)).toBe(true);
});

describe('a document', () => {
  const told = [
    'The stone mill at Ashford was built before the great flood by two engineers.',
    'The minimum rent of a mill on the river is forty crowns a year.',
  ];
  const report = (title: string) =>
    makeDocument([[told, ['Much else was told of wheels on the market.', 'Nobody wrote it down there.']]], title);
  const found = async (
    question: string,
    title = 'The mills of the Ash',
    thread: { question: string; answer: string }[] = [],
  ) => {
    const [model, document] = [wordModel({ trainedContext: 4_096 }), report(title)];
    const plan = planWindow(document, model);
    return (await ask(wordsAlone(model, plan), document, plan, question, { thread })).found;
  };

  it('answers what it says and does not say the opposite', async () => {
    expect(await found('Who built the stone mill at Ashford before the great flood?')).toBe(true);
    expect(await found('Who built the stone mill at Ashford after the great flood?')).toBe(false);
    expect(await found('What is the minimum rent of a mill on the river?')).toBe(true);
    expect(await found('What is the maximum rent of a mill on the river?')).toBe(false);
  });

  it('says it of the year in its title', async () => {
    expect(await found('What was the minimum rent of a mill on the river in 1851?', 'Report for 1851')).toBe(true);
  });
});
