// Summaries by quotation, with an engine whose probabilities are scripted, and the check of a quotation.
import { describe, expect, it } from 'vitest';
import { type StageProgress, sentenceText } from '../../../reading/document.ts';
import { checkQuote } from '../../../reading/replies/quote.ts';
import { MODEL_WEIGHTS, summarize } from '../../../reading/replies/summarize.ts';
import { planWindow } from '../../../reading/window.ts';
import { filler, key, likesKeys, report, TOPICS } from '../council-report.ts';
import { makeDocument } from '../made-document.ts';
import { type Script, type Scripted, scriptedEngine, wordModel } from '../scripted-engine.ts';

/** Knows none of our control tokens: its view is how likely sentences are. */
const model = wordModel({}, 'plain');
const plan = planWindow(report, model);
const engineWith = (script: Script): Scripted => scriptedEngine(model, script, plan);

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

  it('asks a model that was trained to point once, where it looks among all sentences, if that counts for anything', async () => {
    const trained = wordModel();
    const laid = planWindow(report, trained);
    const engine = scriptedEngine(trained, likesKeys, laid);
    await summarize(engine, report, laid);
    const asked = MODEL_WEIGHTS.pointer > 0 ? ['attention over 40'] : [];
    expect(engine.calls).toEqual([`prefill ${laid.ids.length}`, ...asked]);
    // Its keys are kept in a form that no single head is read from.
    const packed = Object.assign(scriptedEngine(trained, likesKeys, laid), { kvType: 'q8_0' });
    await summarize(packed, report, laid);
    expect(packed.calls).toEqual([`prefill ${laid.ids.length}`]);
  });

  it('asks a model that does not point how likely sentences are, fewer where it runs on the processor', async () => {
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
