// pdf.js for the extractor: one thread for each opening of a document, ended when it is done, when it takes more memory than it
// may, and when it breaks down.
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PdfEngine, PdfLoading, ReadOptions } from '../../../reading/index.ts';
import { appFolder } from '../../places.ts';

/** Megabytes of JavaScript objects that pdf.js may hold. */
const LARGEST_HEAP = 512;
/** Bytes of the whole extractor, beside the file itself; looked at every so many milliseconds. */
const LARGEST_PROCESS = 700 * 1024 * 1024;
/** Where a process is large already, because V8 keeps the pages of an ended thread for some seconds, this much more. */
const MORE_BYTES = 128 * 1024 * 1024;
const LOOK_EVERY = 20;
const COLLECT_EVERY = 1_000;

export const packageFolder = (name: string): string =>
  dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));

/** Character maps, standard fonts and decoders of pdf.js on this machine. */
export const pdfResources = (): ReadOptions['resources'] => {
  const folder = packageFolder('pdfjs-dist');
  return {
    cMapUrl: join(folder, 'cmaps') + sep,
    standardFontDataUrl: join(folder, 'standard_fonts') + sep,
    wasmUrl: join(folder, 'wasm') + sep,
  };
};

/** What starts a pdf.js; `fileBytes` are held several times over and are not counted as expansion. */
export const pdfEngines = async (fileBytes: number): Promise<() => PdfEngine> => {
  const pdfjs = await import('pdfjs-dist/legacy/build/pdf.mjs');
  // What an ended thread held is given back first, or the next one would be blamed for it.
  let gone: Promise<unknown> = Promise.resolve();
  return () => {
    const thread = new Worker(join(appFolder(), 'dist', 'main', 'pdf-thread.js'), {
      resourceLimits: { maxOldGenerationSizeMb: LARGEST_HEAP },
    });
    const worker = pdfjs.PDFWorker.create({ port: portOf(thread) as never, verbosity: 0 });
    let watch: NodeJS.Timeout | undefined;
    let over = false;
    const end = () => {
      clearInterval(watch);
      worker.destroy();
      over = true;
      gone = thread.terminate().then(() => globalThis.gc?.());
    };
    const ended = new Promise<'memory' | 'crash'>((resolve) => {
      let limit = LARGEST_PROCESS + 3 * fileBytes;
      const isOver = () => process.memoryUsage.rss() > limit;
      // What pages that are done have left behind is no fault of the one that is read.
      let collected = 0;
      const look = () => {
        if (!isOver()) return;
        if (performance.now() - collected > COLLECT_EVERY) {
          globalThis.gc?.();
          collected = performance.now();
        }
        if (isOver()) resolve('memory');
      };
      void gone.then(() => {
        if (over) return;
        limit = Math.max(limit, process.memoryUsage.rss() + MORE_BYTES);
        watch = setInterval(look, LOOK_EVERY);
      });
      thread.on('message', (message) => message.targetName === 'extractor' && resolve('memory'));
      thread.on('error', (error) =>
        resolve('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash'),
      );
      thread.on('exit', () => resolve('crash'));
    });
    return {
      getDocument: (options) => pdfjs.getDocument({ ...options, worker }) as unknown as PdfLoading,
      ended,
      end,
      worked: () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1_000;
      },
    };
  };
};

/** A thread as the port that pdf.js speaks to. */
const portOf = (thread: Worker) => {
  const port = Object.assign(new EventTarget(), {
    postMessage: (message: unknown, transfer?: readonly unknown[]) => thread.postMessage(message, transfer as never),
  });
  thread.on('message', (data) => port.dispatchEvent(new MessageEvent('message', { data })));
  return port;
};
