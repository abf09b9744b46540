// Summaries, answers and the reader that makes them, with an engine whose probabilities are scripted.
import { describe, expect, it } from 'vitest';
import { ask } from '../../reading/ask.ts';
import { shapeOf } from '../../reading/candidates.ts';
import { type StageProgress, sentenceText } from '../../reading/document.ts';
import { checkQuote } from '../../reading/quote.ts';
import { Reader } from '../../reading/reader.ts';
import { summarize } from '../../reading/summarize.ts';
import { planWindow } from '../../reading/window.ts';
import { type MadePage, makeDocument } from './made-document.ts';
import { lines, makePdf, read } from './make-pdf.ts';
import { type Script, type Scripted, scriptedEngine, wordModel } from './scripted-engine.ts';

const TOPICS = [
  'harbour',
  'railway',
  'school',
  'library',
  'market',
  'bridge',
  'theatre',
  'hospital',
  'forest',
  'museum',
];
const NOTES = [
  'A first visit in spring brought no new facts on',
  'Two letters from neighbours were read about',
  'Older maps show nothing unusual near',
  'Members asked how much snow fell on',
  'Some photographs were passed around of',
  'Nobody could say who painted',
  'An engineer measured the walls of',
  'Birds were counted twice around',
  'Lunch was served before more talk of',
  'Minutes were kept of the evening at',
];
const filler = (topic: string, i: number): string => `${NOTES[i]} the ${topic}.`;
const PLANS = [
  'rebuilding of the quay starts next winter',
  'fares go down for young passengers',
  'eleven classrooms get new windows',
  'opening hours end at midnight',
  'traders pay half their rent',
  'heavy lorries must use another road',
  'actors receive longer contracts',
  'two further wards open on Thursday',
  'felling stops for twenty years',
  'entrance becomes free of charge',
];
const key = (topic: string): string => `It was decided for the ${topic} that ${PLANS[TOPICS.indexOf(topic)]}.`;

/** Ten pages, one topic each: a heading, three other sentences, one key sentence, a caption. */
const report = makeDocument(
  TOPICS.map(
    (topic, i): MadePage => [
      [{ heading: `On the ${topic}` }],
      [filler(topic, i), filler(topic, (i + 3) % 10), key(topic), filler(topic, (i + 6) % 10)],
      [`Figure 1: A view of the ${topic} from the south side.`],
    ],
  ),
  'Report of the council',
);

const model = wordModel();
const plan = planWindow(report, model);
const likesKeys: Script = (continuation) => (continuation.includes('decided') ? -10 : -60);
const engineWith = (script: Script): Scripted =>
  scriptedEngine(model, script, { contextLength: plan.contextLength, ropeFactor: plan.ropeFactor });

describe('a summary', () => {
  it('quotes what the model finds likely, word for word, in order, from the whole document', async () => {
    const reply = await summarize(engineWith(likesKeys), report, plan, { sentences: 5, extractMs: 12 });
    expect(reply).toMatchObject({ kind: 'summary', found: true, model: { name: 'Scripted', types: ['Q8_0', 'F32'] } });
    expect(reply.sentences).toHaveLength(5);
    expect(reply.timing).toMatchObject({ extractMs: 12, prefillTokens: plan.ids.length, reusedTokens: 0 });
    expect(reply.window).toEqual(plan.receipt);
    let last = -1;
    expect(reply.sentences.filter(({ text }) => text.includes('decided')).length).toBeGreaterThanOrEqual(4);
    for (const { text, citations } of reply.sentences) {
      const [citation] = citations;
      expect(citation).toMatchObject({ quote: text, status: 'verified' });
      expect(report.text.slice(citation.start, citation.end)).toBe(text);
      expect(text).toContain(TOPICS[citation.page - 1]);
      expect(citation.start).toBeGreaterThan(last);
      last = citation.start;
    }
    const fifths = reply.sentences.map(({ citations }) => Math.floor((citations[0].page - 1) / 2));
    for (const fifth of fifths) expect(fifths.filter((other) => other === fifth).length).toBeLessThanOrEqual(2);
  });

  it('follows the model: other likelihoods, another summary', async () => {
    const dislikesKeys: Script = (continuation) => (continuation.includes('decided') ? -90 : -10);
    const reply = await summarize(engineWith(dislikesKeys), report, plan, { sentences: 4 });
    expect(reply.sentences.filter(({ text }) => text.includes('decided'))).toEqual([]);
  });

  it('never quotes headings, captions or fragments, and not one thing twice', async () => {
    const likesBad: Script = (continuation) => (/^On the|Figure/.test(continuation) ? -1 : -50);
    const reply = await summarize(engineWith(likesBad), report, plan, { sentences: 8 });
    for (const { text } of reply.sentences) expect(text).not.toMatch(/^On the|^Figure/);
    const repeated = makeDocument([[Array.from({ length: 12 }, () => key('harbour')).concat(key('bridge'))]]);
    const short = planWindow(repeated, model);
    const twice = await summarize(scriptedEngine(model, likesKeys), repeated, short, { sentences: 5 });
    expect(new Set(twice.sentences.map(({ text }) => text)).size).toBe(twice.sentences.length);
  });

  it('never quotes reference lists, rows of tables or what follows in a caption', async () => {
    const apparatus = 'Stern built many bridges of iron over the river Ash in those years.';
    const paper = makeDocument([
      [
        [filler('harbour', 0), key('harbour'), filler('bridge', 1), key('bridge')],
        ['Figure A.2. The quay from the south.', 'Boats wait here until the tide lifts them over the bar.'],
        ['Harbour 12 14 18 Bridge 22 24 31 School 17 12.'],
      ],
      [
        [{ heading: '7. References' }],
        [apparatus, 'Stern, M. A history of iron and its bridges in the north of the country.'],
      ],
    ]);
    const likesBad: Script = (continuation) => (/Stern|Boats|22|quay/.test(continuation) ? -1 : -50);
    const window = planWindow(paper, model);
    const reply = await summarize(scriptedEngine(model, likesBad), paper, window, { sentences: 8 });
    expect(reply.sentences.map(({ text }) => text).sort()).toEqual(
      [filler('harbour', 0), key('harbour'), filler('bridge', 1), key('bridge')].sort(),
    );
  });

  it('prefers, all else alike, a sentence that needs no other to be understood', () => {
    const sentence = report.sentences[1];
    const alone = shapeOf(sentence, 'The council will rebuild the old stone quay in winter.');
    for (const opening of ['However, the council', 'It', 'This plan', 'They', 'His office', 'As a result, they'])
      expect(shapeOf(sentence, `${opening} will rebuild the old stone quay in winter.`), opening).toBeLessThan(alone);
    expect(shapeOf(sentence, 'It is known that the council will rebuild the old quay.')).toBe(alone);
  });

  it('makes do with a document that has no whole sentence', async () => {
    const list = makeDocument([[[{ heading: 'Prices' }], ['Apples, 12'], ['Pears, 7']]]);
    const reply = await summarize(
      scriptedEngine(model, () => -5),
      list,
      planWindow(list, model),
    );
    expect(reply.sentences.length).toBeGreaterThan(0);
    expect(reply.sentences.every(({ citations }) => citations[0].status === 'verified')).toBe(true);
  });

  it('works with a model that knows none of our control tokens', async () => {
    const plain = wordModel({}, 'plain');
    const laid = planWindow(report, plain);
    const engine = scriptedEngine(plain, likesKeys, { contextLength: laid.contextLength, ropeFactor: laid.ropeFactor });
    const reply = await summarize(engine, report, laid, { sentences: 3 });
    expect(reply.sentences.filter(({ text }) => text.includes('decided')).length).toBeGreaterThanOrEqual(2);
  });

  it('asks a model that runs on the processor about fewer sentences', async () => {
    const fast = engineWith(likesKeys);
    const slow: Scripted = Object.assign(engineWith(likesKeys), { adapter: { name: 'Slow', software: true } });
    await summarize(fast, report, plan);
    await summarize(slow, report, plan);
    expect(fast.calls.at(-1)).toBe('logprobs 40');
    expect(slow.calls.at(-1)).toBe('logprobs 24');
  });

  it('tells how far it is, and stops when asked to', async () => {
    const seen: StageProgress[] = [];
    await summarize(engineWith(likesKeys), report, plan, { onProgress: (p) => seen.push(p) });
    expect(seen[0]).toMatchObject({ stage: 'window', total: plan.ids.length });
    const last = seen.at(-1)!;
    expect(last).toMatchObject({ stage: 'rank', done: last.total });
    const stop = new AbortController();
    const engine = engineWith(likesKeys);
    const stopped = summarize(engine, report, plan, {
      signal: stop.signal,
      onProgress: (p) => p.stage === 'window' && stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(engine.calls).toEqual([`prefill ${plan.ids.length}`]);
  });
});

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

  it('lets the model choose among sentences that share the same words', async () => {
    const likesMills: Script = (text, prefix, ids) =>
      (prefix.includes('mills') && text.includes('closed') ? -0.1 : -3) * ids.length;
    // Of the embedded kind only words are asked: its view was measured and does not help.
    const other = wordModel({}, 'plain');
    const window = planWindow(town, other);
    const answer = await ask(scriptedEngine(other, likesMills), town, window, 'What about the mills?');
    expect(answer.sentences[0].text).toBe('The mills were closed after the war.');
    const [liked, indifferent] = [
      await reply('What about the mills?', likesMills),
      await reply('What about the mills?'),
    ];
    expect(liked.sentences).toEqual(indifferent.sentences);
  });

  it('says that the document does not say', async () => {
    for (const question of ['What is the capital of Australia?', 'How do volcanoes erupt?']) {
      expect(await reply(question)).toMatchObject({ found: false, sentences: [] });
    }
  });

  it('asks the model where the words are not enough', async () => {
    const none =
      (likely: boolean): Script =>
      (_, __, ids) =>
        ids[0] === 6 ? (likely ? -0.1 : -9) : -2 * ids.length;
    const question = 'Which bishop founded the abbot school?';
    expect((await reply(question, none(false))).found).toBe(true);
    expect((await reply(question, none(true))).found).toBe(false);
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

describe('the reader', () => {
  const made = (): { reader: Reader; engines: Scripted[] } => {
    const engines: Scripted[] = [];
    const reader = new Reader(model, async ({ contextLength, ropeFactor, onProgress }) => {
      onProgress?.({ done: 1, total: 1 });
      const engine = scriptedEngine(model, likesKeys, { contextLength, ropeFactor });
      engines.push(engine);
      return engine;
    });
    return { reader, engines };
  };

  it('keeps its engine for the next question, which costs only its own tokens', async () => {
    const { reader, engines } = made();
    await reader.summarize(report);
    for (const topic of ['bridge', 'museum']) {
      const question = `What was decided for the ${topic}?`;
      const answer = await reader.ask(report, question);
      const own = model.tokenizer.encode(question).length;
      expect(answer.timing.prefillTokens).toBeLessThanOrEqual(own + 64);
      expect(answer.timing.reusedTokens).toBeGreaterThanOrEqual(plan.ids.length);
      expect(answer.sentences[0].text).toBe(key(topic));
    }
    expect(engines).toHaveLength(1);
    const summary = await reader.summarize(report);
    expect(summary.timing).toMatchObject({ prefillTokens: 0, reusedTokens: plan.ids.length });
  });

  it('makes another engine for another factor, and gives the old one back', async () => {
    const { reader, engines } = made();
    const stages: string[] = [];
    await reader.summarize(report, { onProgress: (p) => stages.push(p.stage) });
    await reader.summarize(report, { ropeFactor: 8 });
    expect(engines.map((engine) => [engine.ropeFactor, engine.disposed])).toEqual([
      [plan.ropeFactor, true],
      [8, false],
    ]);
    expect([...new Set(stages)]).toEqual(['model', 'window', 'rank']);
    reader.dispose();
    expect(engines[1].disposed).toBe(true);
    await expect(reader.summarize(report)).rejects.toThrow('closed');
  });

  it('takes calls one after another, and goes on after one that failed or was stopped', async () => {
    const { reader, engines } = made();
    const stopped = new AbortController();
    stopped.abort();
    const results = await Promise.allSettled([
      reader.ask(report, '?'),
      reader.summarize(report, { signal: stopped.signal }),
      reader.summarize(report),
      reader.ask(report, 'What was decided?'),
    ]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
    expect(engines).toHaveLength(1);
  });

  it('replaces an engine whose device was lost', async () => {
    let lose = true;
    const engines: Scripted[] = [];
    const reader = new Reader(model, async (window) => {
      const engine = scriptedEngine(
        model,
        () => {
          if (lose) throw Object.assign(new Error('The graphics device was reset.'), { kind: 'device-lost' });
          return -9;
        },
        window,
      );
      engines.push(engine);
      return engine;
    });
    await expect(reader.summarize(report)).rejects.toMatchObject({ kind: 'device-lost' });
    lose = false;
    await expect(reader.summarize(report)).resolves.toMatchObject({ found: true });
    expect(engines.map((engine) => engine.disposed)).toEqual([true, false]);
  });
});

describe('a quotation', () => {
  it('is checked against the text', () => {
    const made = makeDocument([[['A well-known fact stands here.']]]);
    const { start, end } = made.sentences[0];
    const quote = sentenceText(made, made.sentences[0]);
    expect(checkQuote(made, quote, start, end)).toBe('verified');
    expect(checkQuote(made, 'A wellknown fact  stands here.', start, end)).toBe('repaired');
    expect(checkQuote(made, 'A well-known lie stands here.', start, end)).toBe('unverified');
    expect(checkQuote(made, quote, start + 1, end)).toBe('unverified');
    expect(checkQuote(made, '', 0, 0)).toBe('unverified');
  });
});
