// The engine that the rest of the app holds: token ids in, token ids and probabilities out (contract in api.ts). It knows what lies in
// the window, computes only what does not, never runs two calls at once, and goes on by itself when the graphics device is lost.
import {
  type AdapterInfo,
  type ByteSource,
  type Engine,
  EngineError,
  type GeneratedToken,
  type GenerateOptions,
  type LoadOptions,
  type ModelInfo,
  type PrefillResult,
  type RunOptions,
  type SnapshotOptions,
} from './api.ts';
import { fingerprintOf } from './gguf/fingerprint.ts';
import { cacheParts } from './kernels/cache-append.ts';
import { continuationRows, nextPass } from './model/continuations.ts';
import { type Collecting, continuing, type Pass, pairCost, passRows, runPass, type Wanted } from './model/pass.ts';
import { expectPointer, pointerWeights } from './model/pointer.ts';
import { ropesAre } from './model/rope-scaling.ts';
import { expectNumbers, logprobAt, sampler } from './model/sampling.ts';
import { openSnapshot, type SnapshotRun, snapshotBytes, writeSnapshot } from './model/snapshot.ts';
import { Forecast, workOf } from './model/time-left.ts';
import { Window } from './model/window.ts';
import type { OpenModel } from './open-model.ts';
import { loadResident, type Resident } from './resident.ts';
import { expectAlive, explained, openDevice, reopenDevice } from './runtime/device.ts';
import { isLoss, Losses, surviving } from './runtime/losses.ts';
import { createStreamDecoder } from './tokenizer/stream-decoder.ts';
import type { ModelTokenizer } from './tokenizer/tokenizer.ts';

/**
 * Loads a model onto the adapter that `gpu` gives. Throws EngineError 'no-gpu', 'out-of-memory' (with figures), 'unsupported-model'
 * or 'device-lost' (again and again), the source's own errors, and the signal's reason after an abort; nothing is left on the GPU then.
 */
export async function createEngine(gpu: GPU, open: OpenModel, options: LoadOptions): Promise<Engine> {
  if (!(Number.isInteger(options.contextLength) && options.contextLength > 0)) {
    throw new RangeError(`A window of ${options.contextLength} tokens`);
  }
  const losses = new Losses();
  let device = await openDevice(gpu);
  const load = async () => loadResident(device, open, options);
  const again = async () => {
    device = await reopenDevice(gpu, options.signal);
    return load();
  };
  let run = load;
  const resident = await surviving(
    losses,
    () => run(),
    () => {
      run = again;
      options.onDeviceLost?.();
    },
  );
  return new LoadedEngine(gpu, open, options, resident, losses);
}

class LoadedEngine implements Engine {
  readonly model: ModelInfo;
  readonly tokenizer: ModelTokenizer;
  readonly contextLength: number;
  readonly ropeFactor: number;
  readonly #gpu: GPU;
  readonly #open: OpenModel;
  readonly #options: LoadOptions;
  readonly #losses: Losses;
  #resident: Resident;
  /** The resident's device is gone; the next call loads the model again. */
  #lost = false;
  readonly #window: Window;
  #busy = false;
  #disposed = false;
  #fingerprint: Promise<string> | undefined;

  constructor(gpu: GPU, open: OpenModel, options: LoadOptions, resident: Resident, losses: Losses) {
    this.model = open.info;
    this.tokenizer = open.tokenizer;
    this.contextLength = resident.contextLength;
    this.ropeFactor = resident.model.ropeFactor;
    this.#gpu = gpu;
    this.#open = open;
    this.#options = options;
    this.#resident = resident;
    this.#window = new Window(open.config);
    this.#losses = losses;
  }

  get adapter(): AdapterInfo {
    return this.#resident.device.info;
  }

  get kvType(): string {
    return this.#resident.model.cache[0].type;
  }

  get longestSubmit(): number {
    return this.#resident.recorder.longestSubmit;
  }

  prefill(ids: readonly number[], options: RunOptions = {}): Promise<PrefillResult> {
    return this.#alone(() => this.#prefill(ids, options), options.signal);
  }

  async *generate(ids: readonly number[], options: GenerateOptions): AsyncGenerator<GeneratedToken> {
    this.#enter();
    try {
      await this.#open.source.expectUnchanged?.();
      yield* this.#generate(ids, options);
    } finally {
      this.#busy = false;
    }
  }

  logprobs(
    prefix: readonly number[],
    continuations: readonly (readonly number[])[],
    options: RunOptions = {},
  ): Promise<Float32Array[]> {
    return this.#alone(() => this.#logprobs(prefix, continuations, options), options.signal);
  }

  attentionOver(
    ids: readonly number[],
    spans: readonly (readonly [start: number, end: number])[],
    head: number,
    options: RunOptions = {},
  ): Promise<Float32Array> {
    return this.#alone(() => this.#attentionOver(ids, spans, head, options), options.signal);
  }

  logits(ids: readonly number[], options: RunOptions = {}): Promise<Float32Array> {
    return this.#alone(() => this.#logits(ids, options), options.signal);
  }

  async *saveSnapshot(options: SnapshotOptions = {}): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    this.#enter();
    const { device, recorder } = this.#resident;
    try {
      await expectAlive(device.gpu);
      const { ids, reach } = this.#window;
      const kept = ids.slice(0, options.tokens);
      if (!this.#window.continues(kept.length)) throw writtenOver();
      yield* writeSnapshot(recorder, { ids: kept, reach }, await this.#snapshotRun(options));
    } catch (error) {
      throw await this.#told(error, options.signal);
    } finally {
      this.#busy = false;
    }
  }

  loadSnapshot(source: ByteSource, options: RunOptions = {}): Promise<number> {
    return this.#alone(async () => {
      const saved = await openSnapshot(this.#resident.recorder, source, await this.#snapshotRun(options));
      this.#expectIds(saved.ids);
      this.#window.empty();
      await saved.fill();
      this.#window.restore(saved);
      return saved.ids.length;
    }, options.signal);
  }

  async snapshotBytes(tokens: number): Promise<number> {
    return snapshotBytes(await this.#snapshotRun({}), tokens);
  }

  dispose(): void {
    this.#disposed = true;
    this.#resident.destroy();
  }

  /** Lays `ids` into the window, pass by pass; a pass that was finished stays, whatever happens to the next. */
  async #prefill(ids: readonly number[], { onProgress, signal }: RunOptions): Promise<PrefillResult> {
    this.#expectIds(ids);
    const { recorder, model } = this.#resident;
    const reused = this.#window.keep(ids);
    const total = ids.length - reused;
    const forecast = new Forecast(pairCost(model));
    for (let done = 0; done < total; ) {
      const before = reused + done;
      const pass = continuing(ids, before, passRows(recorder, model, before, total - done));
      const started = performance.now();
      await this.#run(pass, 'cache', { signal });
      for (const row of pass.rows) this.#window.push(row.token);
      done += pass.rows.length;
      forecast.add(workOf(before, pass.rows.length), performance.now() - started);
      onProgress?.({ done, total, secondsLeft: forecast.seconds(workOf(reused + done, total - done)) });
    }
    return { reused, computed: total };
  }

  async *#generate(ids: readonly number[], options: GenerateOptions): AsyncGenerator<GeneratedToken> {
    const { maxTokens, processors = [], signal } = options;
    const stop = new Set(options.stop ?? this.tokenizer.endTokens);
    if (ids.length === 0) throw new RangeError('There is nothing to continue');
    this.#expectIds(ids);
    const choose = sampler(options.sampling);
    const decoder = createStreamDecoder(this.tokenizer);
    const generated: number[] = [];
    const text = [...ids];
    while (generated.length < maxTokens) {
      // The prefill has nothing to do but at first, and after a loss of the device.
      const next = async () => {
        await this.#prefill(text.slice(0, -1), options);
        return this.#step(text[text.length - 1], signal);
      };
      const logits = await this.#surviving(next, signal);
      for (const process of processors) process(logits, generated);
      const id = choose(logits.slice(), generated);
      if (stop.has(id)) return;
      generated.push(id);
      text.push(id);
      yield { id, text: decoder.push(id), logprob: logprobAt(logits, id) };
    }
  }

  /** Puts one token behind the window; logits (vocabulary,) of what follows it. */
  async #step(token: number, signal?: AbortSignal): Promise<Float32Array> {
    const slot = this.#window.ids.length;
    this.#expectRoom(slot + 1);
    let logits = new Float32Array();
    const pass = { rows: [{ token, position: slot, own: slot }], start: slot, prefix: slot };
    await this.#run(pass, 'last-logits', {
      signal,
      collect: (rows) => {
        logits = rows.slice(0, this.model.vocabularySize);
      },
    });
    this.#window.push(token);
    expectNumbers(logits);
    return logits;
  }

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
    const { recorder, model } = this.#resident;
    const results = continuations.map((continuation) => new Float32Array(continuation.length));
    const total = continuations.reduce((sum, continuation) => sum + continuation.length, 0);
    const rows = continuationRows(prefix, continuations, model.scratch.x.shape[0]);
    const started = performance.now();
    for (let done = 0; done < total; ) {
      const most = passRows(recorder, model, rows[done].position, total - done);
      const pass = nextPass(rows, done, most, prefix.length);
      const found = await this.#run(pass, 'logprobs', { signal });
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

  async #attentionOver(
    ids: readonly number[],
    spans: readonly (readonly [start: number, end: number])[],
    head: number,
    options: RunOptions,
  ): Promise<Float32Array> {
    const { recorder, model } = this.#resident;
    expectPointer(model, head);
    const wrong = spans.find(([start, end]) => !(start >= 0 && start <= end && end <= ids.length));
    if (wrong || ids.length === 0) throw new RangeError(`Span ${wrong} of ${ids.length} tokens`);
    this.#expectIds(ids);
    const last = ids.length - 1;
    await this.#prefill(ids.slice(0, last), options);
    await this.#run(continuing(ids, last, 1), 'cache', options);
    this.#window.push(ids[last]);
    const weights = await pointerWeights(recorder, model, ids.length, head);
    return Float32Array.from(spans, ([start, end]) => weights.subarray(start, end).reduce((a, b) => a + b, 0));
  }

  async #logits(ids: readonly number[], { onProgress, signal }: RunOptions): Promise<Float32Array> {
    this.#expectIds(ids);
    this.#window.empty();
    const { recorder, model } = this.#resident;
    const vocabulary = this.model.vocabularySize;
    const all = new Float32Array(ids.length * vocabulary);
    for (let first = 0; first < ids.length; ) {
      const pass = continuing(ids, first, passRows(recorder, model, first, ids.length - first));
      await this.#run(pass, 'logits', {
        signal,
        collect: (rows, at) => {
          const width = model.scratch.logits.shape[1];
          for (let row = 0; row * width < rows.length; row++) {
            all.set(rows.subarray(row * width, row * width + vocabulary), (first + at + row) * vocabulary);
          }
        },
      });
      for (const row of pass.rows) this.#window.push(row.token);
      first += pass.rows.length;
      onProgress?.({ done: first, total: ids.length });
    }
    return all;
  }

  /** All that writes to the cache goes through here. */
  #run(pass: Pass, wanted: Wanted, options: Collecting) {
    const { recorder, model } = this.#resident;
    this.#window.writes(pass.start + pass.rows.length);
    return runPass(recorder, model, pass, wanted, options);
  }

  async #snapshotRun({ onProgress, signal }: RunOptions): Promise<SnapshotRun> {
    const { cache, ropes } = this.#resident.model;
    this.#fingerprint ??= fingerprintOf(this.#open.source, this.#open.header);
    // A source that could not be read now may be readable later.
    this.#fingerprint.catch(() => {
      this.#fingerprint = undefined;
    });
    const origin = { model: await this.#fingerprint, rope: ropesAre(ropes, this.contextLength), kvType: cache[0].type };
    return { origin, parts: cache.flatMap((layer) => cacheParts(layer, this.#open.config)), onProgress, signal };
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

  async #alone<T>(run: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#enter();
    try {
      await this.#open.source.expectUnchanged?.();
      return await this.#surviving(run, signal);
    } finally {
      this.#busy = false;
    }
  }

  /** A lost window is computed again by what `run` lays into it. */
  #surviving<T>(run: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const attempt = async () => {
      if (this.#lost) await this.#reload(signal);
      try {
        await expectAlive(this.#resident.device.gpu);
        return await run();
      } catch (error) {
        const told = await this.#told(error, signal);
        this.#lost = isLoss(told);
        throw told;
      }
    };
    return surviving(this.#losses, attempt, () => {
      if (this.#disposed) throw closed();
      this.#options.onDeviceLost?.();
    });
  }

  /** The model on a new device, with an empty window. */
  async #reload(signal?: AbortSignal): Promise<void> {
    this.#window.empty();
    this.#resident.destroy();
    const device = await reopenDevice(this.#gpu, signal);
    this.#resident = await loadResident(device, this.#open, { ...this.#options, signal });
    this.#lost = false;
    if (!this.#disposed) return;
    this.#resident.destroy();
    throw closed();
  }

  async #told(error: unknown, signal?: AbortSignal): Promise<unknown> {
    if (signal?.aborted && error === signal.reason) return error;
    return this.#disposed ? closed() : explained(this.#resident.device.gpu, error);
  }
}

const writtenOver = () =>
  new EngineError(
    'snapshot-mismatch',
    'Of this reading too much was written over to be kept. Read the document again, and keep it before a long reply.',
  );

const closed = () => new EngineError('device-lost', 'The model was closed. Open it again to go on.');
