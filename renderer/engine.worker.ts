// The engine's worker: the only file of the window that takes values of `gpu`. It opens the model that is asked for by ranges,
// keeps one Reader (and with it the window that was read in), and answers in the order of the questions.
import { EngineError } from '../gpu/api.ts';
import { adapterInfoOf, createEngine, openModel } from '../gpu/index.ts';
import { type ReadDocument, Reader } from '../reading/index.ts';
import type { Answers, FromWorker, Question, Subject, ToWorker } from './engine-protocol.ts';
import { httpSource } from './http-source.ts';
import { layoutOfPlan } from './ribbon.ts';

const post = (message: FromWorker) => self.postMessage(message);
const noGpu = () =>
  new EngineError(
    'no-gpu',
    'No usable graphics device was found, so nothing can be summarised. Update the graphics driver.',
  );

const onDeviceLost = () => {
  for (const id of running.keys()) post({ id, notice: 'The graphics device was reset. Resuming.' });
};

let reader: { url: string; opened: Promise<Reader> } | undefined;
let held: { id: string; document: ReadDocument } | undefined;

function readerOf({ url, bytes }: Subject): Promise<Reader> {
  if (reader?.url === url) return reader.opened;
  void reader?.opened.then((old) => old.dispose());
  const opened = openModel(httpSource(url, bytes)).then(
    (model) =>
      new Reader(model, (options) => {
        if (!navigator.gpu) throw noGpu();
        return createEngine(navigator.gpu, model, { ...options, onDeviceLost });
      }),
  );
  reader = { url, opened };
  opened.catch(() => {
    reader = undefined;
  });
  return opened;
}

/** The same object for the same document, so that its plan is made once. */
function documentOf({ id, document }: Subject): ReadDocument {
  if (held?.id !== id) held = { id, document };
  return held.document;
}

async function answer(id: number, question: Question, signal: AbortSignal): Promise<Answers[keyof Answers]> {
  if (question.ask === 'adapter') {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) throw noGpu();
    return adapterInfoOf(adapter);
  }
  const document = documentOf(question.of);
  const opened = await readerOf(question.of);
  const { pages } = question.of;
  if (question.ask === 'layout') return layoutOfPlan(document, opened.plan(document, { pages }));
  const options = { pages, signal, onProgress: (progress: Parameters<typeof tell>[1]) => tell(id, progress) };
  return question.ask === 'summary'
    ? opened.summarize(document, options)
    : opened.ask(document, question.question, options);
}

const tell = (id: number, progress: Extract<FromWorker, { progress: unknown }>['progress']) => post({ id, progress });

const running = new Map<number, AbortController>();

self.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  const { id } = data;
  if ('cancel' in data) return running.get(id)?.abort();
  const controller = new AbortController();
  running.set(id, controller);
  try {
    post({ id, answer: await answer(id, data.question, controller.signal) });
  } catch (error) {
    const { name = '', kind = '', message = '', detail = '' } = error as Record<string, string | undefined>;
    post(controller.signal.aborted ? { id, stopped: true } : { id, failure: { name, kind, message, detail } });
  } finally {
    running.delete(id);
  }
};
