// The reader: which engine it keeps, what a second question costs, and what happens when calls overlap, fail or are stopped.
import { describe, expect, it } from 'vitest';
import { Reader } from '../../reading/reader.ts';
import { key, likesKeys, model, plan, report } from './council-report.ts';
import { type Scripted, scriptedEngine, wordModel } from './scripted-engine.ts';

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
    expect([...new Set(stages)].slice(0, 2)).toEqual(['model', 'window']);
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
    const plain = wordModel({}, 'plain');
    const reader = new Reader(plain, async (window) => {
      const engine = scriptedEngine(
        plain,
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
