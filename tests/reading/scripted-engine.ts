// An engine whose probabilities are scripted, for the logic of summaries and answers: words are tokens, and a function says how
// likely a continuation is. It checks what a real one checks: the length of the window, one call at a time, no call after the end.
import type { Engine, Model, ModelInfo, Tokenizer } from '../../gpu/api.ts';

const CONTROLS = [
  '<s>',
  '</s>',
  '<|document|>',
  '<|question|>',
  '<|summary|>',
  '<|answer|>',
  '<|none|>',
  '<|sentence|>',
];

export const wordTokenizer = (withControls = true): Tokenizer => {
  const words = [...CONTROLS];
  const ids = new Map<string, number>();
  const idOf = (word: string): number => {
    let id = ids.get(word);
    if (id === undefined) {
      id = words.push(word) - 1;
      ids.set(word, id);
    }
    return id;
  };
  return {
    vocabularySize: 100_000,
    bos: 0,
    eos: 1,
    encode: (text) => (text.match(/\s?\S+|\s+$/g) ?? []).map(idOf),
    decode: (list) =>
      list
        .filter((id) => id >= CONTROLS.length)
        .map((id) => words[id])
        .join(''),
    control: (name) => (withControls && CONTROLS.includes(name) ? CONTROLS.indexOf(name) : undefined),
    chat: () => undefined,
    replyFilter: () => ({ push: ({ text }) => text, finish: () => '', thinking: false }),
  };
};

export const wordModel = (info: Partial<ModelInfo> = {}, withControls = true): Model => ({
  info: {
    name: 'Scripted',
    architecture: 'llama',
    parameters: 1,
    types: { Q8_0: 2, F32: 1 },
    trainedContext: 2_048,
    rope: { type: 'none', factor: 1, base: 10_000 },
    vocabularySize: 100_000,
    layers: 1,
    ...info,
  },
  tokenizer: wordTokenizer(withControls),
});

export interface Scripted extends Engine {
  readonly calls: string[];
  disposed: boolean;
}

/** Log-probability of a whole continuation after a prefix, both as text. */
export type Script = (continuation: string, prefix: string, ids: readonly number[]) => number;

export const scriptedEngine = (
  model: Model,
  script: Script,
  window: { contextLength: number; ropeFactor: number } = { contextLength: 8_192, ropeFactor: 1 },
): Scripted => {
  let held: readonly number[] = [];
  let busy = false;
  const { tokenizer } = model;
  const once = async <T>(signal: AbortSignal | undefined, work: () => T): Promise<T> => {
    if (engine.disposed) throw new Error('used after its end');
    if (busy) throw new Error('two calls at once');
    busy = true;
    await new Promise((resume) => setTimeout(resume, 0));
    busy = false;
    signal?.throwIfAborted();
    return work();
  };
  const engine: Scripted = {
    calls: [],
    disposed: false,
    model: model.info,
    adapter: { name: 'Scripted adapter', software: false },
    tokenizer,
    ...window,
    prefill: (ids, options) =>
      once(options?.signal, () => {
        if (ids.length > window.contextLength) throw new Error('window full');
        let reused = 0;
        while (reused < ids.length && ids[reused] === held[reused]) reused++;
        held = ids;
        engine.calls.push(`prefill ${ids.length - reused}`);
        options?.onProgress?.({ done: ids.length, total: ids.length });
        return { reused, computed: ids.length - reused };
      }),
    logprobs: (prefix, continuations, options) =>
      once(options?.signal, () => {
        engine.calls.push(`logprobs ${continuations.length}`);
        options?.onProgress?.({ done: continuations.flat().length, total: continuations.flat().length });
        return continuations.map((ids) => {
          if (ids.length === 0 || prefix.length + ids.length > window.contextLength) throw new Error('window full');
          const value = script(tokenizer.decode(ids), tokenizer.decode(prefix), ids);
          return new Float32Array(ids.length).fill(value / ids.length);
        });
      }),
    logits: () => Promise.reject(new Error('not scripted')),
    loadSnapshot: () => Promise.reject(new Error('not scripted')),
    snapshotBytes: () => Promise.reject(new Error('not scripted')),
    longestSubmit: 0,
    // biome-ignore lint/correctness/useYield: quoting saves nothing.
    saveSnapshot: async function* () {
      throw new Error('not scripted');
    },
    // biome-ignore lint/correctness/useYield: quoting needs no continuation.
    generate: async function* () {
      throw new Error('not scripted');
    },
    dispose: () => {
      engine.disposed = true;
    },
  };
  return engine;
};
