// One PDF held open in a pdf.js that may have to be ended: each piece of work has a time limit, and when it is passed, or memory
// runs out, or pdf.js breaks down, that pdf.js is ended with all it holds and a fresh one goes on with the next piece.
import type { FontFacts } from './operators.ts';

/** A running pdf.js with a thread or worker of its own. The host makes it. */
export interface PdfEngine {
  getDocument(options: Record<string, unknown>): PdfLoading;
  /** Resolves when it ended of itself: it asked for more memory than it may have, or it broke down. */
  ended: Promise<'memory' | 'crash'>;
  /** Ends it in the middle of whatever it does. */
  end(): void;
  /** Milliseconds that it has worked, where that is known: on a busy machine they pass slower than the clock's. */
  worked?(): number;
}

export interface PdfLoading {
  promise: Promise<unknown>;
  destroy(): Promise<void>;
}

/** The part of pdf.js's document that is used. */
export interface PdfDocument {
  numPages: number;
  getPage(number: number): Promise<PdfPage>;
  getMetadata(): Promise<{ info?: unknown }>;
  getPageLabels(): Promise<string[] | null>;
  getOptionalContentConfig(): Promise<{ isVisible(layer: unknown): boolean }>;
  getOutline(): Promise<PdfOutlineItem[] | null>;
  getDestination(name: string): Promise<unknown[] | null>;
  getPageIndex(reference: unknown): Promise<number>;
}

export interface PdfOutlineItem {
  title: string;
  dest: string | unknown[] | null;
  items: PdfOutlineItem[];
}

export interface PdfViewport {
  transform: number[];
  width: number;
  height: number;
}

export interface PdfPage {
  /** The page's box in user space: x0, y0, x1, y1. */
  view: number[];
  commonObjs: { has(name: string): boolean; get(name: string): FontFacts };
  getViewport(options: { scale: number }): PdfViewport;
  streamTextContent(): { getReader(): PdfTextReader };
  getOperatorList(options?: { annotationMode?: number }): Promise<{ fnArray: number[]; argsArray: unknown[] }>;
  render(options: { canvas: unknown; canvasContext?: unknown; viewport: PdfViewport }): { promise: Promise<void> };
  cleanup(): unknown;
}

export interface PdfTextReader {
  read(): Promise<{ done: boolean; value?: { items: unknown[]; styles: Record<string, { vertical?: boolean }> } }>;
  cancel(reason: Error): Promise<void>;
}

/** Why a piece of work was ended. */
export class PdfTrouble extends Error {
  readonly trouble: 'slow' | 'memory' | 'crash';
  constructor(trouble: PdfTrouble['trouble']) {
    super(trouble);
    this.name = 'PdfTrouble';
    this.trouble = trouble;
  }
}

/** How many times its limit a piece of work may wait for a processor, or for what never comes. */
const MOST_WAITING = 4;

interface Open {
  engine: PdfEngine;
  loading: PdfLoading;
  /** Told when the engine ends of itself. A `then` of every piece of work would hold on to its outcome for as long as the engine lives. */
  listeners: Set<(what: 'memory' | 'crash') => void>;
  what?: 'memory' | 'crash';
}

export class PdfSession {
  readonly #start: () => PdfEngine;
  readonly options: () => Record<string, unknown>;
  readonly #signal: AbortSignal | undefined;
  #open: Open | undefined;

  /** `options` for getDocument are made anew for each opening, since pdf.js takes the bytes that it is given. */
  constructor(start: () => PdfEngine, options: () => Record<string, unknown>, signal?: AbortSignal) {
    this.#start = start;
    this.options = options;
    this.#signal = signal;
  }

  /**
   * Runs `work` on the document, which is opened if it is not open. Rejects with the signal's reason, with a PdfTrouble, after
   * which the document is closed, or with what pdf.js says.
   */
  async within<T>(milliseconds: number, work: (pdf: PdfDocument) => Promise<T>): Promise<T> {
    this.#signal?.throwIfAborted();
    const open = this.#opened();
    const { engine, loading, listeners } = open;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stop = (): void => undefined;
    let fail: (what: 'memory' | 'crash') => void = () => undefined;
    const ended = new Promise<never>((_, reject) => {
      const worked = (): number => engine.worked?.() ?? performance.now();
      const [began, asked] = [worked(), performance.now()];
      const look = (): void => {
        const waited = performance.now() - asked > MOST_WAITING * milliseconds;
        const left = waited ? 0 : milliseconds - (worked() - began);
        if (left <= 0) reject(new PdfTrouble('slow'));
        else timer = setTimeout(look, Math.max(left, 50));
      };
      timer = setTimeout(look, milliseconds);
      fail = (what) => reject(new PdfTrouble(what));
      if (open.what) fail(open.what);
      listeners.add(fail);
      stop = () => reject(this.#signal?.reason);
      this.#signal?.addEventListener('abort', stop);
    });
    try {
      return await Promise.race([loading.promise.then((pdf) => work(pdf as PdfDocument)), ended]);
    } catch (error) {
      // What was inflated too far is also refused to pdf.js, whose own complaint about that may come first.
      const what = await Promise.race([engine.ended, undefined]);
      const said = what ? new PdfTrouble(what) : error;
      if (said instanceof PdfTrouble || this.#signal?.aborted) this.close();
      throw said;
    } finally {
      clearTimeout(timer);
      listeners.delete(fail);
      this.#signal?.removeEventListener('abort', stop);
    }
  }

  /** A fresh pdf.js in place of this one. Where that fails, the next piece of work tries again and says why. */
  async renew(milliseconds: number): Promise<void> {
    this.close();
    await this.within(milliseconds, async () => undefined).catch(() => undefined);
  }

  /** Ends its pdf.js without waiting for an answer: there may never be one. */
  close(): void {
    this.#open?.engine.end();
    this.#open = undefined;
  }

  #opened(): Open {
    if (this.#open) return this.#open;
    const engine = this.#start();
    const loading = engine.getDocument(this.options());
    loading.promise.catch(() => undefined);
    const open: Open = { engine, loading, listeners: new Set() };
    engine.ended.then((what) => {
      open.what = what;
      for (const listener of open.listeners) listener(what);
    });
    this.#open = open;
    return open;
  }
}
