// An engine whose probabilities are scripted, for the logic of summaries and answers: words are tokens, and a function says how
// likely a continuation is. It checks what a real one checks: the length of the window, one call at a time, no call after the end.
import type { ChatMessage, Engine, Model, ModelInfo, Tokenizer } from '../../gpu/api.ts';

const VOCABULARY = 20_000;
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

/** `trained`: has our control tokens; `chat`: was trained to chat; `plain`: neither. */
export type Kind = 'trained' | 'chat' | 'plain';

const FIRST_WORD = CONTROLS.length;

export const wordTokenizer = (kind: Kind = 'trained'): Tokenizer => {
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
  const encode = (text: string): number[] => (text.match(/\s?\S+|\s+$/g) ?? []).map(idOf);
  /** <s> before each message, </s> after it; ids that were given stay as they are. */
  const layOut = (messages: readonly ChatMessage[]) => {
    const ids: number[] = [];
    const starts: number[] = [];
    for (const { content } of messages) {
      ids.push(0);
      for (const part of typeof content === 'string' ? [content] : content) {
        if (typeof part !== 'string') starts.push(ids.length);
        ids.push(...(typeof part === 'string' ? encode(part) : part));
      }
      ids.push(1);
    }
    return { ids, starts, template: 'file', thinking: false };
  };
  return {
    vocabularySize: VOCABULARY,
    bos: 0,
    eos: 1,
    endTokens: [1],
    encode,
    decode: (list) =>
      list
        .filter((id) => id >= FIRST_WORD)
        .map((id) => words[id])
        .join(''),
    control: (name) => (kind === 'trained' && CONTROLS.includes(name) ? CONTROLS.indexOf(name) : undefined),
    chat: (messages) => (kind === 'chat' ? layOut(messages) : undefined),
    replyFilter: () => ({ push: ({ text }) => text, finish: () => '', thinking: false }),
  };
};

export const wordModel = (info: Partial<ModelInfo> = {}, kind: Kind = 'trained'): Model => ({
  info: {
    name: 'Scripted',
    architecture: 'llama',
    parameters: 1,
    types: { Q8_0: 2, F32: 1 },
    trainedContext: 2_048,
    rope: { type: 'none', factor: 1, base: 10_000 },
    vocabularySize: VOCABULARY,
    layers: 1,
    ...info,
  },
  tokenizer: wordTokenizer(kind),
});

export interface Scripted extends Engine {
  readonly calls: string[];
  disposed: boolean;
}

/** Log-probability of a whole continuation after a prefix, both as text. */
export type Script = (continuation: string, prefix: string, ids: readonly number[]) => number;

/** What it would write after a prompt, as text. */
export type Writer = (prompt: string) => string;

export const scriptedEngine = (
  model: Model,
  script: Script,
  window: { contextLength: number; ropeFactor: number } = { contextLength: 8_192, ropeFactor: 1 },
  writer?: Writer,
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
    // Looks at what it finds likely.
    attentionOver: (ids, spans, _head, options) =>
      once(options?.signal, () => {
        engine.calls.push(`attention over ${spans.length}`);
        const prefix = tokenizer.decode(ids);
        const likely = spans.map(([start, end]) => {
          const span = ids.slice(start, end);
          return Math.exp(script(tokenizer.decode(span), prefix, span) / span.length);
        });
        const all = likely.reduce((sum, one) => sum + one, 0);
        return Float32Array.from(likely, (one) => one / all);
      }),
    loadSnapshot: () => Promise.reject(new Error('not scripted')),
    snapshotBytes: () => Promise.reject(new Error('not scripted')),
    kvType: 'f32',
    longestSubmit: 0,
    // biome-ignore lint/correctness/useYield: quoting saves nothing.
    saveSnapshot: async function* () {
      throw new Error('not scripted');
    },
    async *generate(ids, { maxTokens, stop = [1], processors = [], signal }) {
      if (!writer) throw new Error('not scripted');
      const { reused } = await engine.prefill(ids.slice(0, -1));
      engine.calls[engine.calls.length - 1] = `generate after ${ids.length - reused}`;
      const wanted = tokenizer.encode(writer(tokenizer.decode(ids)));
      const generated: number[] = [];
      while (generated.length < maxTokens) {
        signal?.throwIfAborted();
        if (ids.length + generated.length >= window.contextLength) throw new Error('window full');
        // The wanted word first, then whatever else it wants, then the end, then anything.
        const logits = new Float32Array(VOCABULARY).fill(-20);
        wanted.forEach((id, i) => {
          logits[id] = Math.max(logits[id], 5 - 0.01 * i);
        });
        logits[wanted[generated.length] ?? 1] = 10;
        logits[1] = Math.max(logits[1], -10);
        for (const process of processors) process(logits, generated);
        const id = logits.reduce((best, value, i) => (value > logits[best] ? i : best), 0);
        if (logits[id] === Number.NEGATIVE_INFINITY) throw new Error('no token is allowed');
        if (stop.includes(id)) return;
        generated.push(id);
        yield { id, text: tokenizer.decode([id]), logprob: -0.1 };
      }
    },
    dispose: () => {
      engine.disposed = true;
    },
  };
  return engine;
};
