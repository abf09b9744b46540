// Answers by quotation, with an engine whose probabilities are scripted.
import { describe, expect, it } from 'vitest';
import { ANSWER_WEIGHTS, ask } from '../../../reading/replies/ask.ts';
import { planWindow } from '../../../reading/window.ts';
import { model } from '../council-report.ts';
import { makeDocument } from '../made-document.ts';
import { lines, makePdf, read } from '../pdf/make-pdf.ts';
import { type Script, scriptedEngine, wordModel } from '../scripted-engine.ts';

describe('an answer', () => {
  const town = makeDocument([
    [
      [
        'The town lies on the river Ash and has nine mills.',
        'It was founded in 1307 by the abbot Konrad.',
        'Fishing is its oldest trade.',
      ],
    ],
    [
      [
        'The bridge over the Ash was built by the engineer Maria Stern in 1891.',
        'It carries two roads.',
        'Trains cross the river elsewhere.',
      ],
    ],
    [['The school has four hundred pupils.', 'Its garden is open on Sundays.', 'The mills were closed after the war.']],
  ]);
  const laid = planWindow(town, model);
  const even: Script = (_, __, ids) => -2 * ids.length;
  const reply = (question: string, script: Script = even) => ask(scriptedEngine(model, script), town, laid, question);

  it('quotes the sentence that says it, with its page', async () => {
    const answer = await reply('Who built the bridge?');
    expect(answer).toMatchObject({ kind: 'answer', question: 'Who built the bridge?', found: true });
    expect(answer.sentences[0].text).toMatch(/Maria Stern/);
    expect(answer.sentences[0].citations[0]).toMatchObject({ page: 2, status: 'verified' });
  });

  it('brings along the sentence that a pronoun points to, in front and only where it was read', async () => {
    const answer = await reply('  When was the town\n founded? ');
    expect(answer.sentences.map(({ text }) => text)).toEqual([
      'The town lies on the river Ash and has nine mills.',
      'It was founded in 1307 by the abbot Konrad.',
    ]);
    const pines = makeDocument([
      [['Pines of the south grow slowly at first.']],
      [
        [
          'A seedling spends two to twelve years without a stem.',
          'Foresters call this period the grass stage.',
          'Fire passes over it.',
        ],
      ],
    ]);
    const window = planWindow(pines, model);
    const question = 'How long is the grass stage of a pine?';
    const stage = await ask(scriptedEngine(model, even), pines, window, question);
    expect(stage.sentences.map(({ text }) => text).slice(0, 2)).toEqual([
      'A seedling spends two to twelve years without a stem.',
      'Foresters call this period the grass stage.',
    ]);
    const one = await ask(scriptedEngine(model, even), pines, window, question, { sentences: 1 });
    expect(one.sentences.map(({ text }) => text)).toEqual(['Foresters call this period the grass stage.']);
    const crossing = makeDocument([[['A seedling spends two to twelve years without a stem.']], 'blank']);
    const next = makeDocument([[['A pine.']], [['Foresters call this period the grass stage.']]]);
    crossing.sentences.push({
      ...next.sentences[1],
      index: 1,
      start: crossing.text.length + 1,
      end: crossing.text.length + 44,
    });
    crossing.text += ' Foresters call this period the grass stage.';
    crossing.pages[1].state = 'text';
    const second = planWindow(crossing, model, { pages: [[2, 2]] });
    const asked = await ask(scriptedEngine(model, even), crossing, second, 'What is the grass stage?');
    expect(asked.sentences.map(({ citations }) => citations[0].page)).toEqual([2]);
  });

  it('brings along the rest of a sentence that ends in the middle, and no crumb', async () => {
    const asked = async (...texts: string[]) => {
      const peaks = makeDocument([[...texts.map((text) => [text]), ['Nobody lives there.']]]);
      const window = planWindow(peaks, model);
      const { sentences } = await ask(scriptedEngine(model, even), peaks, window, 'What is the highest peak?');
      return sentences.map(({ text }) => text);
    };
    const [cut, rest] = ['The highest peak in the', 'Northern range is Mount Ash, which is old.'];
    expect(await asked(cut, rest)).toEqual([cut, rest]);
    expect(await asked(cut, '12')).toEqual([cut]);
    expect(await asked('The highest peak is Mount Ash.', 'Other peaks are old.')).toEqual([
      'The highest peak is Mount Ash.',
    ]);
    const crumb = makeDocument([
      [['See 94 Stat.', 'It is the highest peak of all the range.'], ['Nobody lives there.']],
    ]);
    const { sentences } = await ask(
      scriptedEngine(model, even),
      crumb,
      planWindow(crumb, model),
      'Which peak is the highest?',
    );
    expect(sentences.map(({ text }) => text)).toEqual(['It is the highest peak of all the range.']);
  });

  it('lets the model choose among sentences that share the same words', async () => {
    const likesMills: Script = (text, prefix, ids) =>
      (prefix.includes('mills') && text.includes('closed') ? -0.1 : -3) * ids.length;
    const other = wordModel({}, 'plain');
    const window = planWindow(town, other);
    const answer = await ask(scriptedEngine(other, likesMills), town, window, 'What about the mills?');
    expect(answer.sentences[0].text).toBe('The mills were closed after the war.');
  });

  it('asks a model that was trained to point once, where it looks among the best by words, if that counts for anything', async () => {
    const texts = ['The mill by the bridge is old.', 'The mill by the harbour is old.', 'The school has a garden.'];
    const mills = makeDocument([texts.map((text) => [text])]);
    const window = planWindow(mills, model);
    const likes =
      (word: string): Script =>
      (text, _, ids) =>
        (text.includes(word) ? -0.1 : -4) * ids.length;
    const first = async (word: string, kvType = 'f32') => {
      const engine = Object.assign(scriptedEngine(model, likes(word), window), { kvType });
      const { sentences } = await ask(engine, mills, window, 'Which mill is old?');
      return [sentences[0].text, ...engine.calls.slice(1)];
    };
    const [asked, chosen] = ANSWER_WEIGHTS.pointer > 0 ? [['attention over 2'], texts[1]] : [[], texts[0]];
    expect(await first('harbour')).toEqual([chosen, ...asked]);
    expect(await first('bridge')).toEqual([texts[0], ...asked]);
    // Its keys are kept in a form that no single head is read from.
    expect(await first('harbour', 'q8_0')).toEqual([texts[0]]);
  });

  it('says that the document does not say', async () => {
    for (const question of ['What is the capital of Australia?', 'How do volcanoes erupt?']) {
      expect(await reply(question)).toMatchObject({ found: false, sentences: [] });
    }
  });

  it('leaves it to words whether there is an answer: the model’s “none” tells nothing', async () => {
    const none =
      (likely: boolean): Script =>
      (_, __, ids) =>
        ids[0] === 6 ? (likely ? -0.1 : -9) : -2 * ids.length;
    const question = 'Which bishop founded the abbot school?';
    expect(await reply(question, none(true))).toMatchObject({ found: true });
    expect((await reply(question, none(true))).sentences).toEqual((await reply(question, none(false))).sentences);
  });

  it('understands a question that points back to the one before, in words and in what the model reads', async () => {
    const thread = [{ question: 'Who built the bridge?', answer: 'It was built by the engineer Maria Stern in 1891.' }];
    const seen: string[] = [];
    const script: Script = (_, prefix, ids) => {
      seen.push(prefix);
      return -2 * ids.length;
    };
    const other = wordModel({}, 'plain');
    const engine = scriptedEngine(other, script);
    const window = planWindow(town, other);
    const followed = await ask(engine, town, window, 'And what does it carry?', { thread });
    expect(followed.sentences.slice(0, 2).map(({ text }) => text)).toEqual([
      'The bridge over the Ash was built by the engineer Maria Stern in 1891.',
      'It carries two roads.',
    ]);
    expect(followed.question).toBe('And what does it carry?');
    expect(seen.at(-1)).toMatch(/Who built the bridge\?[\s\S]*Maria Stern in 1891\.[\s\S]*And what does it carry\?/);
    const apart = await ask(engine, town, window, 'How many pupils has the school?', { thread });
    expect(apart.sentences[0].text).toBe('The school has four hundred pupils.');
  });

  it('refuses what is no question', async () => {
    await expect(reply('  ?! ')).rejects.toMatchObject({ kind: 'no-question' });
    await expect(reply('why '.repeat(400))).rejects.toMatchObject({ kind: 'no-question' });
  });
});

it('leads a quotation that crosses a page to the page where it starts, with boxes on both', async () => {
  const bytes = await makePdf((pdf) => {
    lines(pdf, 72, 700, ['The mill burned in 1884. The bridge over the Ash was built by the engineer Maria']);
    pdf.addPage();
    lines(pdf, 72, 80, ['Stern from the iron of the old mill. Trains cross the river elsewhere.']);
  });
  const crossing = await read(bytes);
  const script: Script = (_, __, ids) => -2 * ids.length;
  const answer = await ask(
    scriptedEngine(model, script),
    crossing,
    planWindow(crossing, model),
    'Who built the bridge?',
  );
  const [{ text, citations }] = answer.sentences;
  expect(text).toBe('The bridge over the Ash was built by the engineer Maria Stern from the iron of the old mill.');
  expect(citations).toMatchObject([{ page: 1, status: 'verified', boxes: [{ page: 1 }, { page: 2 }] }]);
});
