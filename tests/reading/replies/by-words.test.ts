// Replies that words alone choose: the same sentences as with a model whose view counts nothing, without an engine, whatever the engine is
// doing meanwhile; and the reading-in that goes on behind them.
import { expect, it } from 'vitest';
import { type Reply, sentenceText } from '../../../reading/document.ts';
import { Reader } from '../../../reading/reader.ts';
import { receiptFacts } from '../../../reading/replies/receipt.ts';
import { report as council } from '../council-report.ts';
import { type MadePage, makeDocument } from '../made-document.ts';
import { type Kind, type Scripted, scriptedEngine, wordModel } from '../scripted-engine.ts';

const town = makeDocument(
  [
    'The town lies on the river Ash and has nine mills.',
    'The bridge over the Ash was built by the engineer Maria Stern in 1891.',
    'The school of the town has four hundred pupils and a garden of its own.',
    'Fishing is the oldest trade of the valley and still feeds the town.',
  ].map((sentence): MadePage => [[sentence]]),
  'The town',
);
/** Beyond the smallest windows. */
const farms = makeDocument(
  Array.from(
    { length: 40 },
    (_, page): MadePage => [
      Array.from(
        { length: 20 },
        (_, i) => `Keeper ${page * 20 + i} mended the gate of farm ${page} and went on to the mill.`,
      ),
    ],
  ),
  'The farms',
);

const readerOf = (kind: Kind = 'trained') => {
  const model = wordModel({}, kind);
  const engines: Scripted[] = [];
  const reader = new Reader(model, async (window) => {
    engines.push(scriptedEngine(model, () => -10, window));
    return engines.at(-1)!;
  });
  return { reader, engines };
};

const texts = ({ sentences }: Reply): string[] => sentences.map(({ text }) => text);

it.for([
  ['what fits into the window', town, {}],
  ['what is beyond it', farms, { contextLength: 2_048, ropeFactor: 1 }],
] as const)(
  'the summary of %s is that of the model, which has no say, and no engine is made for it',
  async ([, document, options]) => {
    const { reader, engines } = readerOf();
    expect(reader.wordsChoose).toBe(true);
    const how = { ...options, inParts: true, sentences: 3 };
    const reply = await reader.summarize(document, { ...how, byWords: true });
    expect(engines).toEqual([]);
    const read = await reader.summarize(document, how);
    expect(engines).toHaveLength(1);
    expect(reply.sentences).toEqual(read.sentences);
    expect([reply.window, reply.parts]).toEqual([read.window, read.parts]);
    expect([reply.byWords, reply.adapter, reply.timing.prefillTokens]).toEqual([true, undefined, 0]);
  },
);

it('an answer by words searches all of a document, also beyond the window, or says that it does not say', async () => {
  const { reader, engines } = readerOf();
  const answer = await reader.ask(town, 'Who built the bridge over the Ash?', { byWords: true });
  expect(texts(answer)).toEqual([sentenceText(town, town.sentences[1]!)]);
  expect((await reader.ask(town, 'Who composed the opera Carmen?', { byWords: true })).found).toBe(false);
  const small = { contextLength: 2_048, ropeFactor: 1, inParts: true, byWords: true };
  const far = await reader.ask(farms, 'Who mended the gate of farm 39?', small);
  expect(texts(far)[0]).toMatch(/the gate of farm 39 /);
  expect(far.window).toMatchObject({ pagesRead: [[1, 40]], pagesLeftOut: [] });
  expect(engines).toEqual([]);
});

it('its receipt names no model, but the pages', () => {
  const facts = (reply: Reply) => receiptFacts(reply, 4).map(([name]) => name);
  const { reader } = readerOf();
  return expect(reader.summarize(town, { byWords: true }).then(facts)).resolves.toEqual([
    'Chosen by',
    'Pages read',
    'Pages left out',
    'Time',
  ]);
});

it('prose is the model’s, and one that writes or does not point has its say in summaries', async () => {
  expect(readerOf('chat').reader.wordsChoose).toBe(false);
  expect(readerOf('plain').reader.wordsChoose).toBe(false);
  await expect(readerOf().reader.summarize(town, { mode: 'prose', byWords: true })).rejects.toMatchObject({
    kind: 'no-prose',
  });
});

it('words wait for nothing that the engine does, and what was read in behind is not read again', async () => {
  const model = wordModel();
  const woken = Promise.withResolvers<Scripted>();
  const reader = new Reader(model, () => woken.promise);
  const read = async () => (await reader.readIn(council)).prefillTokens!;
  const reading = read();
  // The engine is not even there yet.
  expect((await reader.summarize(council, { byWords: true })).found).toBe(true);
  expect((await reader.ask(council, 'What was decided for the harbour?', { byWords: true })).byWords).toBe(true);
  woken.resolve(scriptedEngine(model, () => -10));
  const tokens = await reading;
  expect(tokens).toBeGreaterThan(50);
  expect(await read()).toBe(0);
  const { timing } = await reader.ask(council, 'What was decided?');
  expect(timing.reusedTokens).toBe(tokens);
  expect(timing.prefillTokens).toBeLessThan(64);
});

it('reading in is stopped like everything else', async () => {
  const { reader } = readerOf();
  const stop = new AbortController();
  const reading = reader.readIn(town, { signal: stop.signal });
  stop.abort();
  await expect(reading).rejects.toThrow();
  expect((await reader.readIn(town)).prefillTokens).toBeGreaterThan(0);
});
