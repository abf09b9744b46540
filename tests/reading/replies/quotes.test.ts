// Quotations by constrained decoding: whatever a model would rather write, only sentences of the document come out.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../gpu/gguf/bytes-source.ts';
import { createEngine, openModel } from '../../../gpu/index.ts';
import { sentenceText } from '../../../reading/document.ts';
import { Reader } from '../../../reading/reader.ts';
import { QuoteWalk, quoteProcessor } from '../../../reading/replies/quote-trie.ts';
import type { RunReport } from '../../../reading/replies/rank.ts';
import { writeQuotes } from '../../../reading/replies/write-quotes.ts';
import { planWindow } from '../../../reading/window.ts';
import { preselect } from '../../../reading/words/candidates.ts';
import { testGpu } from '../../gpu/adapter.ts';
import { fixture } from '../../gpu/fixtures.ts';
import { seeded } from '../../gpu/synthetic-model.ts';
import { type MadePage, makeDocument } from '../made-document.ts';
import { type Scripted, scriptedEngine, type Writer, wordModel, wordTokenizer } from '../scripted-engine.ts';

const SENTENCES = [
  'The town lies on the river Ash and has nine mills.',
  'The town lies on the river Ash and has two bridges.',
  'The bridge was built by the engineer Maria Stern in 1891.',
  'The school has four hundred pupils and a garden of its own.',
  'Fishing is the oldest trade of the valley and still feeds it.',
  'The ﬁrst “water mill” burned in 1884 and was never rebuilt.',
];
const town = makeDocument(
  SENTENCES.map((sentence): MadePage => [[sentence]]),
  'The town',
);

describe('the walk', () => {
  const tokenizer = wordTokenizer('chat');
  const walk = () =>
    new QuoteWalk(
      tokenizer,
      SENTENCES.map((text, i) => [i, text] as const),
    );

  it('goes along sentences only, and copies what has no alternative', () => {
    const one = walk();
    expect(tokenizer.decode(one.forced())).toBe('-');
    one.advance(one.forced()[0]);
    expect(one.allowed().map((id) => tokenizer.decode([id]))).toEqual([' The', ' Fishing']);
    expect(() => one.advance(tokenizer.encode(' A')[0])).toThrow('no sentence');
    one.advance(tokenizer.encode(' Fishing')[0]);
    expect(tokenizer.decode(one.forced())).toBe(' is the oldest trade of the valley and still feeds it.\n');
    const ends = one.forced().map((id) => one.advance(id));
    expect(ends.at(-1)).toBe(4);
    expect([one.atStart, one.chosen]).toEqual([true, [4]]);
  });

  it('never chooses a sentence twice, and ends when there are none', () => {
    const one = walk();
    for (const i of [0, 1, 2, 3, 4]) one.remove(i);
    for (const id of one.forced()) one.advance(id);
    expect([one.chosen, one.exhausted, one.allowed()]).toEqual([[5], true, []]);
  });

  it('keeps apart sentences that the document says twice', () => {
    const twice = new QuoteWalk(tokenizer, [
      [3, SENTENCES[0]],
      [9, SENTENCES[0]],
    ]);
    for (const id of [...twice.forced()]) twice.advance(id);
    for (const id of [...twice.forced()]) twice.advance(id);
    expect(twice.chosen).toEqual([3, 9]);
  });

  it('leaves nothing of the logits but what goes on, however the model feels about it', () => {
    const one = walk();
    const process = quoteProcessor(one, [1], () => true);
    const logits = new Float32Array(20_000).fill(50);
    const [dash] = tokenizer.encode('-');
    logits[dash] = Number.NEGATIVE_INFINITY;
    process(logits, []);
    expect([...logits.keys()].filter((id) => logits[id] > Number.NEGATIVE_INFINITY).sort()).toEqual([1, dash].sort());
  });
});

describe('a model that writes', () => {
  const model = wordModel({}, 'chat');
  const readerOf = (writer: Writer): { reader: Reader; engines: Scripted[] } => {
    const engines: Scripted[] = [];
    const reader = new Reader(model, async (window) => {
      engines.push(scriptedEngine(model, () => -1, window, writer));
      return engines.at(-1)!;
    });
    return { reader, engines };
  };

  it('quotes the sentences it would copy, verified, in their order', async () => {
    const { reader } = readerOf(() => `- ${SENTENCES[3]}\n- ${SENTENCES[2]}\n`);
    const reply = await reader.summarize(town, { sentences: 2 });
    expect(reply.sentences.map(({ text }) => text)).toEqual([SENTENCES[2], SENTENCES[3]]);
    expect(reply.sentences.every(({ citations }) => citations[0].status === 'verified')).toBe(true);
    expect(reply.timing.decodeTokens).toBeLessThan(10);
  });

  it('shows the document’s own characters, whatever was normalised for the model', async () => {
    const { reader } = readerOf(() => '- The first "water mill" burned');
    const reply = await reader.summarize(town, { sentences: 1 });
    expect(reply.sentences[0].text).toBe(SENTENCES[5]);
  });

  it('cannot quote what is not there: 200 models that would say something else', async () => {
    const next = seeded(5);
    const word = () =>
      ['The', 'town', 'has', 'ninety', 'mills', 'not', 'Fishing', '1981', '<|answer|>', '- '][
        Math.floor(((next() + 1) / 2) * 10)
      ];
    for (let i = 0; i < 200; i++) {
      const lie = Array.from({ length: 12 }, word).join(' ');
      const { reader } = readerOf(() => lie);
      const reply = await reader.summarize(town, { sentences: 3 });
      expect(reply.sentences.length).toBeGreaterThan(0);
      for (const { text, citations } of reply.sentences) {
        expect(SENTENCES).toContain(text);
        expect(citations[0]).toMatchObject({ status: 'verified', quote: text });
      }
    }
  });

  it('does not take all from one part of the document', async () => {
    const next = seeded(9);
    const name = () => Array.from({ length: 6 }, () => 'abdeiklmnorstu'[Math.floor(((next() + 1) / 2) * 14)]).join('');
    const line = () => `The ${name()} of ${name()} gave ${name()} to the ${name()} and kept ${name()} for ${name()}.`;
    const pages = Array.from({ length: 10 }, (): MadePage => [Array.from({ length: 6 }, line)]);
    const list = makeDocument(pages);
    const { reader } = readerOf(() => list.sentences.map((sentence) => `- ${sentenceText(list, sentence)}`).join('\n'));
    const reply = await reader.summarize(list, { sentences: 5 });
    const fifths = reply.sentences.map(({ citations }) => Math.floor((citations[0].page - 1) / 2));
    expect(new Set(fifths).size).toBeGreaterThanOrEqual(3);
  });

  it('stops when asked to', async () => {
    const stop = new AbortController();
    const { reader } = readerOf(() => `- ${SENTENCES[3]}\n- ${SENTENCES[2]}\n`);
    const stopped = reader.summarize(town, {
      sentences: 4,
      signal: stop.signal,
      onProgress: ({ stage }) => stage === 'write' && stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  });
});

const embedded = readFileSync(new URL('../../../assets/models/longleaf-sprig-q8_0.gguf', import.meta.url));
const stories = fixture('vocabs/stories260K.gguf');
if (!stories) console.info('skipped: stories260K.gguf is not beside the repository');

describe('real models, which would write anything else', async () => {
  const gpu = await testGpu();
  it.each([
    ['the embedded one', embedded],
    ['stories260K, which never saw such a text', stories],
  ])('%s', async (_, bytes) => {
    if (!bytes) return;
    const open = await openModel(bytesSource(new Uint8Array(bytes)));
    const engine = await createEngine(gpu, open, { contextLength: 1_024 });
    const plan = planWindow(town, open, { contextLength: 1_024, reserve: 300, ropeFactor: engine.ropeFactor });
    const all = preselect(town, plan, { room: 200, most: 100 });
    const report: RunReport = {};
    const chosen = await writeQuotes(engine, town, plan.ids, all, { count: 3, least: 3 }, report);
    engine.dispose();
    expect(new Set(chosen.map(({ sentence }) => sentence.index)).size).toBe(3);
    for (const { sentence } of chosen) expect(SENTENCES).toContain(sentenceText(town, sentence));
    // What has no alternative was not decoded.
    const tokens = chosen.reduce((sum, { span }) => sum + span.end - span.start, 0);
    expect(report.decodeTokens).toBeLessThan(tokens / 2);
  });
});
