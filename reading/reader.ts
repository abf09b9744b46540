// The reader of one model: plans the window, owns the engine for as long as it suits, and makes replies. The terminal and the
// window's worker use the same one.
import type { Engine, Model, Progress } from '../gpu/api.ts';
import { type ReadDocument, ReadingError, type Reply, type WindowPlan } from './document.ts';
import { type Excerpts, excerptsFor } from './long/excerpts.ts';
import { summarizePartsInProse } from './long/prose-parts.ts';
import { type PartsOptions, summarizeInParts } from './long/summarize-parts.ts';
import { promptFormat, type Turn } from './prompt.ts';
import { answerInProse } from './replies/answer.ts';
import { ask, checkQuestion, contextOf } from './replies/ask.ts';
import { type DrawnOptions, expectWriter, summarizeInProse } from './replies/prose.ts';
import { fillWindow, type RunReport, wordsAlone } from './replies/rank.ts';
import { suggestQuestions } from './replies/suggest.ts';
import { summarize, usualLength, wordsChoose } from './replies/summarize.ts';
import { sectionsOf } from './sections.ts';
import { type Place, runSelfTest, type SelfTest, type SelfTestOptions } from './self-test.ts';
import { keepWindow, restoreWindow, type SnapshotOwner, snapshotName } from './snapshots.ts';
import { type PartsPlan, type PlanOptions, planForWords, planParts, planSentences, planWindow } from './window.ts';

export interface EngineRequest {
  contextLength: number;
  ropeFactor: number;
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

export interface ReplyOptions extends PlanOptions, PartsOptions, DrawnOptions {
  /**
   * Whether a document beyond the window is summed up part by part, and searched by words for the passages that a question is
   * answered from; otherwise it is refused with the choice that there is.
   */
  inParts?: boolean;
  /** Where windows that were read in are kept, so that a reopened document need not be read in again. */
  kept?: SnapshotOwner;
  /** Of a question: earlier ones with their answers, oldest first. */
  thread?: readonly Turn[];
  /** Words alone choose what is quoted, without an engine, so that the reply waits for nothing. Prose is always the model's. */
  byWords?: boolean;
}

export interface PartsEstimate {
  count: number;
  tokens: number;
  seconds: number;
}

/** Tokens that the speed of reading is measured on, and what weighing and summing up add to reading. */
const PROBE = 256;
const WEIGHING = 1.35;

/** After these the engine's memory is gone or not to be trusted. */
const LOST = new Set(['device-lost', 'out-of-memory', 'invalid-numbers']);

const withRestore = (reply: Reply, restoreMs: number | undefined): Reply =>
  restoreMs === undefined ? reply : { ...reply, timing: { ...reply.timing, restoreMs } };

/** Whether no engine is needed. */
export const isByWords = ({ mode, byWords }: Pick<ReplyOptions, 'mode' | 'byWords'>): boolean =>
  byWords === true && mode !== 'prose';

const isFull = (error: unknown): boolean => error instanceof ReadingError && error.kind === 'window-full';

/** Calls wait for one another, since an engine does one thing at a time. */
export class Reader {
  readonly model: Model;
  readonly #createEngine: (request: EngineRequest) => Promise<Engine>;
  #engine: Engine | undefined;
  #plan: { document: ReadDocument; key: string; plan: WindowPlan } | undefined;
  /** What lies in the engine's window, by its name in the store, and whether it has still to be kept. */
  #window: { name: string; keep?: { plan: WindowPlan; owner: SnapshotOwner } } | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** Calls that wait or run. */
  #calls = 0;
  #disposed = false;

  constructor(model: Model, createEngine: (request: EngineRequest) => Promise<Engine>) {
    this.model = model;
    this.#createEngine = createEngine;
  }

  /** Whether this model has no say in which sentences a summary quotes. */
  get wordsChoose(): boolean {
    return wordsChoose(this.model.tokenizer);
  }

  async summarize(document: ReadDocument, options: ReplyOptions = {}): Promise<Reply> {
    if (isByWords(options)) {
      const plan = this.#planOrParts(document, options);
      const words = wordsAlone(this.model, plan);
      return 'parts' in plan
        ? summarizeInParts(words, this.model, document, plan, options)
        : summarize(words, document, plan, options);
    }
    return this.#next(options, async () => {
      if (options.mode === 'prose') expectWriter(this.model);
      const plan = this.#planOrParts(document, options);
      const engine = await this.#engineFor(plan, options);
      const prose = options.mode === 'prose';
      if ('parts' in plan) {
        this.#window = undefined;
        const inParts = prose ? summarizePartsInProse : summarizeInParts;
        return inParts(engine, this.model, document, plan, options);
      }
      const restoreMs = await this.#restore(engine, plan, options);
      const count = options.sentences ?? usualLength(document, options);
      const reply = prose
        ? summarizeInProse(engine, document, plan, { ...options, count })
        : summarize(engine, document, plan, options);
      return withRestore(await reply, restoreMs);
    });
  }

  async ask(document: ReadDocument, question: string, options: ReplyOptions = {}): Promise<Reply> {
    const asked = checkQuestion(question);
    if (isByWords(options)) {
      const { plan, searched } = this.#planOrExcerpts(document, asked, options);
      return ask(wordsAlone(this.model, plan), document, plan, asked, { ...options, searched });
    }
    return this.#next(options, async () => {
      if (options.mode === 'prose') expectWriter(this.model);
      const { plan, searched } = this.#planOrExcerpts(document, asked, options);
      const engine = await this.#engineFor(plan, options);
      // Passages serve one question: they are not worth keeping.
      if (searched) this.#window = undefined;
      const restoreMs = searched ? undefined : await this.#restore(engine, plan, options);
      const answer = options.mode === 'prose' ? answerInProse : ask;
      return withRestore(await answer(engine, document, plan, asked, { ...options, searched }), restoreMs);
    });
  }

  /** A few questions that the document answers; of one beyond the window, from its headings' passages. */
  async suggest(document: ReadDocument, options: ReplyOptions = {}): Promise<string[]> {
    if (!promptFormat(this.model.tokenizer).task) {
      const { plan } = this.#planOrExcerpts(document, document.title, options);
      return suggestQuestions(wordsAlone(this.model, plan), document, plan, options);
    }
    return this.#next(options, async () => {
      const { plan, searched } = this.#planOrExcerpts(document, document.title, options);
      const engine = await this.#engineFor(plan, options);
      if (searched) this.#window = undefined;
      else await this.#restore(engine, plan, options);
      return suggestQuestions(engine, document, plan, options);
    });
  }

  /** Lays the document into the window, for the questions to come; what is there already, or kept, is not read again. */
  readIn(document: ReadDocument, options: ReplyOptions = {}): Promise<RunReport> {
    return this.#next(options, async () => {
      const plan = this.plan(document, options);
      const engine = await this.#engineFor(plan, options);
      const restoreMs = await this.#restore(engine, plan, options);
      const report: RunReport = restoreMs === undefined ? {} : { restoreMs };
      await fillWindow(engine, plan.ids, report, options);
      return report;
    });
  }

  /**
   * In how many parts a document beyond the window would be read, and how long that would take: measured on the first tokens of its
   * first part, which stay read.
   */
  estimateParts(document: ReadDocument, options: ReplyOptions = {}): Promise<PartsEstimate> {
    return this.#next(options, async () => {
      const planned = planParts(document, this.model, options);
      const { parts, ropeFactor, contextLength, receipt } = planned;
      const engine = await this.#engineFor(planned, options);
      this.#window = undefined;
      const first = planSentences(document, this.model, parts[0].sentences, { ropeFactor, contextLength, reserve: 0 });
      const sample = first.ids.slice(0, PROBE);
      // Once to compile what is compiled at first use, once to measure.
      await engine.prefill(sample.slice(0, PROBE / 2), { signal: options.signal });
      const began = performance.now();
      const { computed } = await engine.prefill(sample, { signal: options.signal });
      const perToken = (performance.now() - began) / 1000 / Math.max(1, computed);
      return { count: parts.length, tokens: receipt.tokens, seconds: perToken * receipt.tokens * WEIGHING };
    });
  }

  /** Passkey retrieval on this machine; each length is read with the factor that a document of that length is read with. */
  selfTest(test: SelfTest, options: SelfTestOptions): Promise<Place[]> {
    return this.#next(options, () =>
      runSelfTest(this.model, test, options, async (plan) => {
        const engine = await this.#engineFor(plan, options);
        this.#window = undefined;
        return engine;
      }),
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

  #planOrExcerpts(
    document: ReadDocument,
    question: string,
    options: ReplyOptions,
  ): Partial<Excerpts> & { plan: WindowPlan } {
    try {
      return { plan: this.plan(document, options) };
    } catch (error) {
      if (!options.inParts || !isFull(error)) throw error;
      if (isByWords(options)) return { plan: planForWords(document, this.model, options) };
      return excerptsFor(document, this.model, question, contextOf(options.thread ?? []), options);
    }
  }

  #planOrParts(document: ReadDocument, options: ReplyOptions): WindowPlan | PartsPlan {
    // Each section is written up with nothing but itself before the model.
    if (options.mode === 'prose' && options.bySection)
      return planParts(document, this.model, { ...options, sections: sectionsOf(document) });
    try {
      return this.plan(document, options);
    } catch (error) {
      if (!options.inParts || !isFull(error)) throw error;
      return planParts(document, this.model, options);
    }
  }

  /** Resolves when nothing is under way any more, keeping what was read included. */
  async settled(): Promise<void> {
    await this.#turn;
  }

  #next<T>({ signal }: Pick<ReplyOptions, 'signal'>, work: () => Promise<T>): Promise<T> {
    this.#calls++;
    const result = this.#turn.then(() => {
      signal?.throwIfAborted();
      return work();
    });
    const ended = result.catch((error: unknown) => {
      if (LOST.has((error as { kind?: string } | undefined)?.kind ?? '')) this.#drop();
    });
    this.#turn = ended.then(() => {
      this.#calls--;
      return this.#keep(signal);
    });
    return result;
  }

  /** Puts back what was kept of this very window, unless it lies there already; milliseconds, where it was put back. */
  async #restore(engine: Engine, plan: WindowPlan, options: ReplyOptions): Promise<number | undefined> {
    const { kept: owner } = options;
    const name = owner && snapshotName(owner, plan);
    if (name !== undefined && this.#window?.name === name) return undefined;
    this.#window = undefined;
    if (!owner || name === undefined) return undefined;
    const began = performance.now();
    const restored = await restoreWindow(engine, plan, owner, options);
    this.#window = restored ? { name } : { name, keep: { plan, owner } };
    return restored ? performance.now() - began : undefined;
  }

  /** After a reply, for as long as nobody waits for the next one; what is given up is kept after that. */
  async #keep(signal: AbortSignal | undefined): Promise<void> {
    const [engine, window] = [this.#engine, this.#window];
    const wanted = (): boolean => this.#calls === 0 && !this.#disposed && !signal?.aborted;
    if (!engine || !window?.keep || !wanted()) return;
    const { plan, owner } = window.keep;
    if ((await keepWindow(engine, plan, owner, wanted)) || wanted()) window.keep = undefined;
  }

  async #engineFor(
    plan: Pick<WindowPlan, 'contextLength' | 'ropeFactor'>,
    options: Pick<ReplyOptions, 'signal' | 'onProgress'>,
  ): Promise<Engine> {
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
    this.#window = undefined;
  }
}
