// The engine that the rest of the app holds: token ids in, token ids and probabilities out (contract in api.ts). It knows what lies in
// the window, computes only what does not, and never runs two calls at once.
import {
  type AdapterInfo,
  type Engine,
  EngineError,
  type GeneratedToken,
  type GenerateOptions,
  type LoadOptions,
  type ModelInfo,
  type PrefillResult,
  type RunOptions,
} from './api.ts';
import type { LoadedModel } from './model/family.ts';
import { type Allocated, allocateModel, fillModel } from './model/load.ts';
import { continuing, costOf, passRows, type Row, runPass, warm } from './model/pass.ts';
import { expectNumbers, logprobAt, sampler } from './model/sampling.ts';
import type { OpenModel } from './open-model.ts';
import { type Device, expectAlive, explained, openDevice } from './runtime/device.ts';
import { Recorder } from './runtime/recorder.ts';
import { createStreamDecoder } from './tokenizer/stream-decoder.ts';
import type { ModelTokenizer } from './tokenizer/tokenizer.ts';

/**
 * Loads a model onto the adapter that `gpu` gives. Throws EngineError 'no-gpu', 'out-of-memory' (with figures), 'unsupported-model'
 * or 'device-lost', the source's own errors, and the signal's reason after an abort; nothing is left on the GPU then.
 */
export async function createEngine(gpu: GPU, open: OpenModel, options: LoadOptions): Promise<Engine> {
  if (!(Number.isInteger(options.contextLength) && options.contextLength > 0)) {
    throw new RangeError(`A window of ${options.contextLength} tokens`);
  }
  const device = await openDevice(gpu);
  try {
    const loaded = await allocateModel(device, open, options);
    const readable = 4 * loaded.sizes.logitRows * loaded.sizes.logitWidth;
    const recorder = new Recorder(device, readable);
    // Compiling takes longer than reading on some systems, and neither needs the other.
    await orAborted(options.signal, [warm(recorder, loaded.model), fillModel(device, open, loaded, options)]);
    await expectAlive(device.gpu);
    if (device.reported.length > 0) throw device.reported[0];
    return new LoadedEngine(device, recorder, loaded, open);
  } catch (error) {
    const told = await explained(device.gpu, error);
    device.gpu.destroy();
    throw told;
  }
}

/** Waits for all of them, or throws the signal's reason: compilation itself cannot be stopped. */
async function orAborted(signal: AbortSignal | undefined, all: readonly Promise<unknown>[]): Promise<void> {
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  await Promise.race([Promise.all(all), aborted]);
}

class LoadedEngine implements Engine {
  readonly model: ModelInfo;
  readonly adapter: AdapterInfo;
  readonly tokenizer: ModelTokenizer;
  readonly contextLength: number;
  readonly ropeFactor: number;
  readonly #device: Device;
  readonly #recorder: Recorder;
  readonly #loaded: Allocated;
  readonly #weights: LoadedModel;
  /** Ids whose keys and values are in slots 0, 1, … of the cache. */
  #window: number[] = [];
  #busy = false;
  #disposed = false;

  constructor(device: Device, recorder: Recorder, loaded: Allocated, open: OpenModel) {
    this.model = open.info;
    this.adapter = device.info;
    this.tokenizer = open.tokenizer;
    this.contextLength = loaded.sizes.contextLength;
    this.ropeFactor = loaded.model.ropeFactor;
    this.#device = device;
    this.#recorder = recorder;
    this.#loaded = loaded;
    this.#weights = loaded.model;
  }

  prefill(ids: readonly number[], options: RunOptions = {}): Promise<PrefillResult> {
    return this.#alone(() => this.#prefill(ids, options));
  }

  async *generate(ids: readonly number[], options: GenerateOptions): AsyncGenerator<GeneratedToken> {
    this.#enter();
    try {
      await expectAlive(this.#device.gpu);
      yield* this.#generate(ids, options);
    } catch (error) {
      throw await this.#explained(error);
    } finally {
      this.#busy = false;
    }
  }

  logprobs(
    prefix: readonly number[],
    continuations: readonly (readonly number[])[],
    options: RunOptions = {},
  ): Promise<Float32Array[]> {
    return this.#alone(() => this.#logprobs(prefix, continuations, options));
  }

  logits(ids: readonly number[]): Promise<Float32Array> {
    return this.#alone(() => this.#logits(ids));
  }

  dispose(): void {
    this.#disposed = true;
    this.#recorder.destroy();
    this.#loaded.arena.destroy();
    this.#device.gpu.destroy();
  }

  /** Lays `ids` into the window, pass by pass; a pass that was finished stays, whatever happens to the next. */
  async #prefill(ids: readonly number[], { onProgress, signal }: RunOptions): Promise<PrefillResult> {
    this.#expectIds(ids);
    const reused = commonPrefix(this.#window, ids);
    this.#window.length = reused;
    const total = ids.length - reused;
    const whole = costOf(this.#weights, reused, total);
    const started = performance.now();
    for (let done = 0; done < total; ) {
      const pass = continuing(ids, reused + done, passRows(this.#recorder, this.#weights));
      await runPass(this.#recorder, this.#weights, pass, 'cache', { signal });
      for (const row of pass.rows) this.#window.push(row.token);
      done += pass.rows.length;
      const spent = costOf(this.#weights, reused, done);
      const secondsLeft = ((performance.now() - started) / 1000) * (whole / spent - 1);
      onProgress?.({ done, total, secondsLeft });
    }
    return { reused, computed: total };
  }

  async *#generate(ids: readonly number[], options: GenerateOptions): AsyncGenerator<GeneratedToken> {
    const { maxTokens, processors = [], signal } = options;
    const stop = new Set(options.stop ?? this.tokenizer.endTokens);
    if (ids.length === 0) throw new RangeError('There is nothing to continue');
    this.#expectIds(ids);
    const choose = sampler(options.sampling);
    await this.#prefill(ids.slice(0, -1), { signal });
    const decoder = createStreamDecoder(this.tokenizer);
    const generated: number[] = [];
    for (let last = ids[ids.length - 1]; generated.length < maxTokens; ) {
      const logits = await this.#step(last, signal);
      for (const process of processors) process(logits, generated);
      const id = choose(logits.slice(), generated);
      if (stop.has(id)) return;
      generated.push(id);
      yield { id, text: decoder.push(id), logprob: logprobAt(logits, id) };
      last = id;
    }
  }

  /** Puts one token behind the window; logits (vocabulary,) of what follows it. */
  async #step(token: number, signal?: AbortSignal): Promise<Float32Array> {
    this.#expectRoom(this.#window.length + 1);
    let logits = new Float32Array();
    const slot = this.#window.length;
    const pass = { rows: [{ token, position: slot, own: slot }], start: slot, prefix: slot };
    await runPass(this.#recorder, this.#weights, pass, 'last-logits', {
      signal,
      collect: (rows) => {
        logits = rows.slice(0, this.model.vocabularySize);
      },
    });
    this.#window.push(token);
    expectNumbers(logits);
    return logits;
  }

  /**
   * Each continuation runs as rows of its own behind the prefix: its first row repeats the prefix's last token, so that row j predicts
   * token j, and what the row sees is the prefix without that token and the continuation's own rows. Many continuations share a pass.
   */
  async #logprobs(
    prefix: readonly number[],
    continuations: readonly (readonly number[])[],
    { onProgress, signal }: RunOptions,
  ): Promise<Float32Array[]> {
    if (prefix.length === 0) throw new RangeError('There is nothing to continue');
    for (const continuation of continuations) {
      this.#expectIds(continuation);
      this.#expectRoom(prefix.length + continuation.length);
    }
    await this.#prefill(prefix, { signal });
    const results = continuations.map((continuation) => new Float32Array(continuation.length));
    const total = continuations.reduce((sum, continuation) => sum + continuation.length, 0);
    const rows = continuationRows(prefix, continuations);
    const started = performance.now();
    for (let done = 0; done < total; ) {
      const pass = nextPass(rows, done, passRows(this.#recorder, this.#weights), prefix.length);
      const found = await runPass(this.#recorder, this.#weights, pass, 'logprobs', { signal });
      expectNumbers(found!);
      pass.rows.forEach((_, i) => {
        const { continuation, index } = rows[done + i];
        results[continuation][index] = found![i];
      });
      done += pass.rows.length;
      onProgress?.({ done, total, secondsLeft: ((performance.now() - started) / 1000) * (total / done - 1) });
    }
    return results;
  }

  async #logits(ids: readonly number[]): Promise<Float32Array> {
    this.#expectIds(ids);
    this.#window = [];
    const vocabulary = this.model.vocabularySize;
    const all = new Float32Array(ids.length * vocabulary);
    for (let first = 0; first < ids.length; ) {
      const pass = continuing(ids, first, passRows(this.#recorder, this.#weights));
      await runPass(this.#recorder, this.#weights, pass, 'logits', {
        collect: (rows, at) => {
          const width = this.#weights.scratch.logits.shape[1];
          for (let row = 0; row * width < rows.length; row++) {
            all.set(rows.subarray(row * width, row * width + vocabulary), (first + at + row) * vocabulary);
          }
        },
      });
      for (const row of pass.rows) this.#window.push(row.token);
      first += pass.rows.length;
    }
    return all;
  }

  #expectIds(ids: readonly number[]): void {
    const wrong = ids.find((id) => !(Number.isInteger(id) && id >= 0 && id < this.model.vocabularySize));
    if (wrong !== undefined) throw new RangeError(`Token ${wrong} is not in the vocabulary`);
    this.#expectRoom(ids.length);
  }

  #expectRoom(tokens: number): void {
    if (tokens <= this.contextLength) return;
    throw new EngineError(
      'window-full',
      `The window is full: ${tokens} tokens do not fit into ${this.contextLength}. Read fewer pages or choose a longer window.`,
    );
  }

  #enter(): void {
    if (this.#disposed) throw closed();
    if (this.#busy) throw new EngineError('busy', 'The model is still at work on something else. Stop that first.');
    this.#busy = true;
  }

  async #alone<T>(run: () => Promise<T>): Promise<T> {
    this.#enter();
    try {
      await expectAlive(this.#device.gpu);
      return await run();
    } catch (error) {
      throw await this.#explained(error);
    } finally {
      this.#busy = false;
    }
  }

  async #explained(error: unknown): Promise<unknown> {
    return this.#disposed ? closed() : explained(this.#device.gpu, error);
  }
}

const closed = () => new EngineError('device-lost', 'The model was closed. Open it again to go on.');

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length++;
  return length;
}

interface ContinuationRow extends Row {
  continuation: number;
  index: number;
}

/** All rows of all continuations, one behind the other; `own` counts from the first of them. */
function continuationRows(prefix: readonly number[], continuations: readonly (readonly number[])[]): ContinuationRow[] {
  const rows: ContinuationRow[] = [];
  continuations.forEach((ids, continuation) => {
    const own = rows.length;
    ids.forEach((target, index) => {
      const token = index === 0 ? prefix[prefix.length - 1] : ids[index - 1];
      rows.push({ token, position: prefix.length - 1 + index, own, target, continuation, index });
    });
  });
  return rows;
}

/**
 * Rows first … of the list as a pass of at most `most` rows, in slots from the end of the prefix on. A continuation that another pass
 * began keeps the slots that it had there; one that would be cut is left to the next pass, unless it fills this one.
 */
function nextPass(rows: readonly ContinuationRow[], first: number, most: number, prefix: number) {
  let until = Math.min(rows.length, first + most);
  const cut = until < rows.length && rows[until].own < until ? rows[until].own : until;
  if (cut > first) until = cut;
  const base = prefix - rows[first].own;
  return {
    rows: rows.slice(first, until).map((row) => ({ ...row, own: row.own + base })),
    start: first + base,
    prefix: prefix - 1,
  };
}
