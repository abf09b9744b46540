// The reader of one model: plans the window, owns the engine for as long as it suits, and makes replies. The terminal and the
// window's worker use the same one.
import type { Engine, Model, Progress } from '../gpu/api.ts';
import { type AskOptions, ask, checkQuestion } from './ask.ts';
import type { ReadDocument, Reply, StageProgress, WindowPlan } from './document.ts';
import { type SummaryOptions, summarize } from './summarize.ts';
import { type PlanOptions, planWindow } from './window.ts';

export interface EngineRequest {
  contextLength: number;
  ropeFactor: number;
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

export interface ReplyOptions extends PlanOptions {
  /** Most sentences of the reply. */
  sentences?: number;
  extractMs?: number;
  onProgress?: (progress: StageProgress) => void;
  signal?: AbortSignal;
}

/** After these the engine's memory is gone or not to be trusted. */
const LOST = new Set(['device-lost', 'out-of-memory', 'invalid-numbers']);

/** Calls wait for one another, since an engine does one thing at a time. */
export class Reader {
  readonly model: Model;
  readonly #createEngine: (request: EngineRequest) => Promise<Engine>;
  #engine: Engine | undefined;
  #plan: { document: ReadDocument; key: string; plan: WindowPlan } | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor(model: Model, createEngine: (request: EngineRequest) => Promise<Engine>) {
    this.model = model;
    this.#createEngine = createEngine;
  }

  summarize(document: ReadDocument, options: ReplyOptions = {}): Promise<Reply> {
    const run: SummaryOptions = options;
    return this.#next(document, options, (engine, plan) => summarize(engine, document, plan, run));
  }

  ask(document: ReadDocument, question: string, options: ReplyOptions = {}): Promise<Reply> {
    const run: AskOptions = options;
    return this.#next(
      document,
      options,
      (engine, plan) => ask(engine, document, plan, question, run),
      () => checkQuestion(question),
    );
  }

  /** The window as it would be laid out: throws what `planWindow` throws. The last plan is kept. */
  plan(document: ReadDocument, options: PlanOptions = {}): WindowPlan {
    const { pages, ropeFactor, contextLength, reserve } = options;
    const key = JSON.stringify({ pages, ropeFactor, contextLength, reserve });
    if (this.#plan?.document !== document || this.#plan.key !== key) {
      this.#plan = { document, key, plan: planWindow(document, this.model, options) };
    }
    return this.#plan.plan;
  }

  /** Frees the engine's memory; the reader cannot be used afterwards. A call under way should be stopped first. */
  dispose(): void {
    this.#disposed = true;
    this.#drop();
  }

  #next(
    document: ReadDocument,
    options: ReplyOptions,
    work: (engine: Engine, plan: WindowPlan) => Promise<Reply>,
    check: () => unknown = () => undefined,
  ): Promise<Reply> {
    const reply = this.#turn.then(async () => {
      options.signal?.throwIfAborted();
      check();
      const plan = this.plan(document, options);
      const engine = await this.#engineFor(plan, options);
      return work(engine, plan);
    });
    this.#turn = reply.catch((error: unknown) => {
      if (LOST.has((error as { kind?: string } | undefined)?.kind ?? '')) this.#drop();
    });
    return reply;
  }

  async #engineFor(plan: WindowPlan, options: ReplyOptions): Promise<Engine> {
    if (this.#disposed) throw new Error('This reader was closed.');
    const current = this.#engine;
    if (current && current.ropeFactor === plan.ropeFactor && current.contextLength >= plan.contextLength)
      return current;
    this.#drop();
    const engine = await this.#createEngine({
      contextLength: plan.contextLength,
      ropeFactor: plan.ropeFactor,
      onProgress: (progress) => options.onProgress?.({ stage: 'model', ...progress }),
      signal: options.signal,
    });
    if (this.#disposed || options.signal?.aborted) {
      engine.dispose();
      options.signal?.throwIfAborted();
      throw new Error('This reader was closed.');
    }
    this.#engine = engine;
    return engine;
  }

  #drop(): void {
    this.#engine?.dispose();
    this.#engine = undefined;
  }
}
