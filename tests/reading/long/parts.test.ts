// What is longer than the window: the parts it is cut into, the levels they are summed up in, and going on after a stop.
import { describe, expect, it } from 'vitest';
import { ReadingError, type Reply, type StageProgress, sentenceText } from '../../../reading/document.ts';
import { type Checkpoints, fingerprint } from '../../../reading/long/checkpoints.ts';
import { Reader } from '../../../reading/reader.ts';
import { sectionsOf } from '../../../reading/sections.ts';
import { planParts, planWindow } from '../../../reading/window.ts';
import { type MadePage, makeDocument } from '../made-document.ts';
import { type Script, type Scripted, scriptedEngine, wordModel } from '../scripted-engine.ts';

const THINGS = [
  'mill',
  'quay',
  'tower',
  'well',
  'barn',
  'fence',
  'ferry',
  'oven',
  'chapel',
  'market',
  'orchard',
  'tunnel',
];
const WAYS = ['slowly', 'at night', 'by hand', 'in spring', 'with care', 'without help', 'twice', 'for nothing'];

/** 120 pages of 40 sentences; every third is one that a scripted model likes. */
const book = makeDocument(
  Array.from({ length: 120 }, (_, page): MadePage => {
    const thing = (i: number) => THINGS[(page * 7 + i * 5) % 12];
    const sentence = (i: number) =>
      i % 3 === 0
        ? `It was decided on day ${page} that the ${thing(i)} goes to keeper ${page * 40 + i} of the farms.`
        : `They mended the ${thing(i)} of farm ${page * 40 + i} ${WAYS[(page + i * 3) % 8]} and went on.`;
    const half = (from: number) => Array.from({ length: 20 }, (_, i) => sentence(from + i));
    return [...(page % 10 === 0 ? [[{ heading: `Chapter ${page / 10 + 1}` }]] : []), half(0), half(20)];
  }),
  'The farms',
);
const model = wordModel();
const likesKeys: Script = (text) => (text.includes('decided') ? -10 : -60);

const readerWith = (script: Script = likesKeys): { reader: Reader; engines: Scripted[] } => {
  const engines: Scripted[] = [];
  const reader = new Reader(model, async (window) => {
    engines.push(scriptedEngine(model, script, window));
    return engines.at(-1)!;
  });
  return { reader, engines };
};

/** Kept as the JSON that a disk would hold. */
const memory = (): Checkpoints & { saved: string[] } => {
  const saved: string[] = [];
  return {
    saved,
    load: async () => (saved.length > 0 ? JSON.parse(saved.at(-1)!) : undefined),
    save: async (_, value) => void saved.push(JSON.stringify(value)),
  };
};

const refusal = (work: () => unknown): ReadingError => {
  try {
    work();
  } catch (error) {
    if (error instanceof ReadingError) return error;
  }
  throw new Error('not refused');
};

describe('the choice', () => {
  it('is typed: pages that fit, a larger factor with what it does to quality, parts', () => {
    const { kind, choice } = refusal(() => planWindow(book, model, { ropeFactor: 2 }));
    expect(kind).toBe('window-full');
    expect(choice).toMatchObject({ capacity: 4_096, pages: [1, expect.any(Number)] });
    expect(choice?.larger).toBeUndefined();
    expect(choice!.parts.count).toBe(planParts(book, model).parts.length);
    const short = refusal(() => planWindow(book, model, { ropeFactor: 2, pages: [[1, 12]] })).choice;
    expect(short?.larger).toEqual({
      factor: 4,
      capacity: 8_192,
      note: expect.stringMatching(/not tuned for a window stretched ×4: .*worse/),
    });
    const [first, last] = short!.pages!;
    expect(planWindow(book, model, { ropeFactor: 2, pages: [[first, last]] }).receipt.pagesRead).toEqual([
      [first, last],
    ]);
    expect(() => planWindow(book, model, { ropeFactor: 2, pages: [[first, last + 1]] })).toThrow();
  });

  it('offers no factor to a model that was tuned for one, or has a scheme of its own', () => {
    const tuned = wordModel({ rope: { type: 'linear', factor: 4, base: 10_000 } });
    const { choice } = refusal(() => planWindow(book, tuned, { pages: [[1, 20]] }));
    expect(choice?.capacity).toBe(8_192);
    expect(choice?.larger?.note).toMatch(/not tuned/);
  });
});

describe('parts', () => {
  const { parts, contextLength, ropeFactor, receipt } = planParts(book, model);

  it('hold every sentence once, in order, and fit the range that the model was trained on', () => {
    expect(parts.flatMap(({ sentences }) => sentences)).toEqual(book.sentences);
    expect([contextLength, ropeFactor]).toEqual([2_048, 1]);
    for (const { tokens } of parts) expect(tokens).toBeLessThanOrEqual(2_048 - 384);
    expect(receipt).toMatchObject({ pagesRead: [[1, 120]], pagesLeftOut: [], factor: 1 });
  });

  it('begin with a heading where one stands in reach, and never end with one', () => {
    for (const { sentences } of parts) {
      expect(sentences.at(-1)!.kind).not.toBe('heading');
      const heading = sentences.findLastIndex(({ kind }) => kind === 'heading');
      expect(heading).toBeLessThan(0.2 * sentences.length);
    }
    expect(parts.filter(({ sentences }) => sentences[0].kind === 'heading').length).toBeGreaterThan(8);
  });

  it('give one very long sentence a part of its own, in a longer window', () => {
    const long = makeDocument([[['Short words stand here.', 'word '.repeat(3_000).trim(), 'More words stand here.']]]);
    const planned = planParts(long, model);
    expect(planned.parts.map(({ sentences }) => sentences.length)).toEqual([1, 1, 1]);
    expect([planned.contextLength, planned.ropeFactor]).toEqual([4_096, 2]);
  });
});

describe('reading in parts', () => {
  const bare = ({ sentences, parts, window }: Reply) => ({ sentences, parts, window });
  let whole: Reply;

  it('covers every page, quotes from all of the book and says in which parts it read', async () => {
    const { reader, engines } = readerWith();
    const progress: StageProgress[] = [];
    whole = await reader.summarize(book, { inParts: true, onProgress: (p) => progress.push(p) });
    expect(engines).toHaveLength(1);
    expect(whole.window).toMatchObject({ pagesRead: [[1, 120]], pagesLeftOut: [] });
    expect(whole.parts!.map(({ pages }) => pages[0])).toContain(1);
    expect(whole.parts!.at(-1)!.pages[1]).toBe(120);
    for (let page = 1; page <= 120; page++)
      expect(
        whole.parts!.some(({ pages }) => pages[0] <= page && page <= pages[1]),
        `page ${page}`,
      ).toBe(true);
    expect(whole.sentences).toHaveLength(8);
    const keys = whole.sentences.filter(({ text }) => text.includes('decided'));
    expect(keys.length).toBeGreaterThanOrEqual(6);
    for (const { text, citations } of keys)
      expect(citations).toMatchObject([
        { status: 'verified', quote: text, page: Number(/day (\d+)/.exec(text)![1]) + 1 },
      ]);
    const fifths = new Set(whole.sentences.map(({ citations }) => Math.floor((citations[0].page - 1) / 24)));
    expect(fifths.size).toBeGreaterThanOrEqual(4);
    const seen = progress.filter(({ stage }) => stage === 'parts');
    expect(seen.every(({ done }, i) => i === 0 || done >= seen[i - 1].done)).toBe(true);
    expect(seen.some(({ secondsLeft }) => secondsLeft !== undefined)).toBe(true);
    expect(whole.timing.prefillTokens).toBeGreaterThanOrEqual(whole.window.tokens);
  });

  it('goes on where it was stopped, twice, and ends with the same', async () => {
    const store = memory();
    const checkpoints = { store, key: 'book' };
    let finished = 0;
    for (const stopAt of [7, 15]) {
      const stop = new AbortController();
      const { reader } = readerWith();
      const stopped = reader.summarize(book, {
        inParts: true,
        checkpoints: {
          key: 'book',
          store: {
            load: store.load,
            save: async (key, value) => {
              await store.save(key, value);
              if (store.saved.length === stopAt) stop.abort();
            },
          },
        },
        signal: stop.signal,
      });
      await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
      expect(store.saved).toHaveLength(stopAt);
      finished = stopAt;
    }
    const { reader, engines } = readerWith();
    const resumed = await reader.summarize(book, { inParts: true, checkpoints });
    expect(bare(resumed)).toEqual(bare(whole));
    const steps = engines[0].calls.filter((call) => call.startsWith('prefill')).length;
    expect(store.saved.length - finished).toBe(steps);
    expect(resumed.timing.prefillTokens).toBeGreaterThanOrEqual(whole.timing.prefillTokens);
  });

  it('takes no other job, and nothing damaged, for its own', async () => {
    for (const wrong of [null, 'x', { version: 1 }, { version: 1, print: '', levels: [[['no']]], report: {} }]) {
      const { reader } = readerWith();
      const checkpoints = { key: 'k', store: { load: async () => wrong, save: async () => undefined } };
      expect(bare(await reader.summarize(book, { inParts: true, checkpoints }))).toEqual(bare(whole));
    }
    const store = memory();
    await readerWith().reader.summarize(book, { inParts: true, checkpoints: { store, key: 'k' }, sentences: 4 });
    const other = await readerWith().reader.summarize(book, { inParts: true, checkpoints: { store, key: 'k' } });
    expect(bare(other)).toEqual(bare(whole));
    expect(fingerprint('ab', 'c')).not.toBe(fingerprint('a', 'bc'));
  });

  it('sums up each section by itself when asked to, for a purpose', async () => {
    const { reader } = readerWith();
    const reply = await reader.summarize(book, {
      inParts: true,
      bySection: true,
      length: 'short',
      purpose: 'the ferry',
    });
    expect(reply.purpose).toBe('the ferry');
    expect(sectionsOf(book)).toHaveLength(12);
    expect(new Set(reply.sentences.map(({ section }) => section)).size).toBe(12);
    for (const { section, citations } of reply.sentences)
      expect(section).toBe(`Chapter ${Math.floor((citations[0].page - 1) / 10) + 1}`);
  });

  it('is not begun unasked: without leave the choice is what one gets', async () => {
    const { reader, engines } = readerWith();
    await expect(reader.summarize(book)).rejects.toMatchObject({ kind: 'window-full', choice: { parts: {} } });
    expect(engines).toHaveLength(0);
    const estimate = await reader.estimateParts(book);
    expect(estimate).toMatchObject({ count: planParts(book, model).parts.length, seconds: expect.any(Number) });
  });
});

describe('a question on what is longer than the window', () => {
  it('is answered from the passages that words find, and says which pages were read', async () => {
    const { reader, engines } = readerWith((_, __, ids) => -2 * ids.length);
    const question = 'What was mended on farm 2204?';
    await expect(reader.ask(book, question)).rejects.toMatchObject({ kind: 'window-full' });
    const answer = await reader.ask(book, question, { inParts: true });
    expect(answer.found).toBe(true);
    const said = answer.sentences.find(({ text }) => text.includes('farm 2204'));
    expect(said).toBeDefined();
    const [{ page }] = said!.citations;
    const { pagesRead, pagesLeftOut } = answer.window;
    const within = (ranges: [number, number][]) => ranges.some(([first, last]) => first <= page && page <= last);
    expect([within(pagesRead), within(pagesLeftOut)]).toEqual([true, false]);
    const count = [...pagesRead, ...pagesLeftOut].reduce((sum, [first, last]) => sum + last - first + 1, 0);
    expect(count).toBe(120);
    expect(answer.window.tokens).toBeLessThan(4_096);
    expect(engines[0].contextLength).toBe(4_096);
  });

  it('is not answered when no word of the document meets it', async () => {
    const { reader } = readerWith();
    const answer = await reader.ask(book, 'How do volcanoes erupt?', { inParts: true });
    expect(answer).toMatchObject({ found: false, sentences: [] });
  });
});

it('takes chapters from the outline where there is one', () => {
  const first = (page: number) => book.sentences.find((sentence) => sentence.page === page)!.start;
  const entry = (title: string, level: number, page: number) => ({ title, level, page, start: first(page) });
  const outlined = {
    ...book,
    outline: [entry('Half one', 1, 1), entry('A piece', 2, 21), entry('Half two', 1, 56)],
  };
  const sections = sectionsOf(outlined);
  expect(sections.map(({ title }) => title)).toEqual(['Half one', 'Half two']);
  expect(outlined.sentences[sections[1].first].page).toBe(56);
  const parts = planParts(outlined, model).parts.map(({ sentences }) => sentences[0].start);
  expect(parts).toEqual(expect.arrayContaining(outlined.outline.map(({ start }) => start)));
});

it('goes down the outline where its highest level leaves nearly all in one section', () => {
  const first = (page: number) => book.sentences.find((sentence) => sentence.page === page)!.start;
  const entry = (title: string, level: number, page: number) => ({ title, level, page, start: first(page) });
  const outline = [entry('The book', 1, 1), entry('Half one', 2, 2), entry('Half two', 2, 61), entry('Index', 1, 118)];
  const titles = sectionsOf({ ...book, outline }).map(({ title }) => title);
  expect(titles).toEqual(['The book', 'Half one', 'Half two', 'Index']);
});

it('sums up sections of a document that fits', async () => {
  const small = makeDocument(
    [1, 2, 3].map(
      (n): MadePage => [
        [{ heading: `Part ${n}` }],
        Array.from(
          { length: 12 },
          (_, i) => `The ${THINGS[(n * 4 + i) % 12]} number ${n * 20 + i} was mended ${WAYS[i % 8]} by its owner.`,
        ),
      ],
    ),
  );
  const { reader } = readerWith(() => -5);
  const reply = await reader.summarize(small, { bySection: true });
  expect(reply.sentences.map(({ section }) => section)).toEqual([
    'Part 1',
    'Part 1',
    'Part 2',
    'Part 2',
    'Part 3',
    'Part 3',
  ]);
  for (const { text, citations } of reply.sentences)
    expect(sentenceText(small, small.sentences.find(({ start }) => start === citations[0].start)!)).toBe(text);
});
