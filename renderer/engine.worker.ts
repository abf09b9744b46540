// The engine's worker: the only file of the window that takes values of `gpu`. It opens the model that is asked for by ranges,
// keeps one Reader (and with it the window that was read in), and answers in the order of the questions.
import { EngineError } from '../gpu/api.ts';
import { adapterInfoOf, createEngine, openModel } from '../gpu/index.ts';
import type { RunRequest } from '../main/common/api.ts';
import { fingerprint, type ReadDocument, Reader, type Reply, type StageProgress } from '../reading/index.ts';
import { planParts } from '../reading/window.ts';
import type { Answers, FromWorker, ModelAddress, PartSpan, Question, Subject, ToWorker } from './engine-protocol.ts';
import { blobSource, httpSource } from './http-source.ts';
import { httpCheckpoints, httpSnapshots } from './kept.ts';
import { layoutOfPlan } from './ribbon.ts';

type Asked<A extends Question['ask']> = Extract<Question, { ask: A }>;

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

function closeReader(): void {
  void reader?.opened.then((old) => old.dispose());
  reader = undefined;
}

function readerOf({ url, bytes }: ModelAddress): Promise<Reader> {
  if (reader?.url === url) return reader.opened;
  closeReader();
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

/** The same object for the same document, so that its plan is made once. Its text changes when its scans are recognised. */
function documentOf({ id, document }: Subject): ReadDocument {
  if (held?.id !== id || held.document.text !== document.text) held = { id, document };
  return held.document;
}

async function findAdapter() {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw noGpu();
  return adapterInfoOf(adapter);
}

async function answer(id: number, question: Question, signal: AbortSignal): Promise<Answers[keyof Answers]> {
  if (question.ask === 'adapter') return findAdapter();
  if (question.ask === 'header') {
    const { name, architecture } = (await openModel(blobSource(question.file))).info;
    return { name, architecture };
  }
  const { of } = question;
  const document = documentOf(of);
  const opened = await readerOf(of.model);
  const plan = { pages: of.pages, ropeFactor: of.ropeFactor };
  if (question.ask === 'layout') {
    const prose = opened.model.tokenizer.chat([{ role: 'user', content: 'a' }]) !== undefined;
    return { layout: layoutOfPlan(document, opened.plan(document, plan)), prose };
  }
  if (question.ask === 'parts')
    return planParts(document, opened.model, plan).parts.map(({ sentences, tokens }): PartSpan => {
      return { pages: [sentences[0]!.page, sentences.at(-1)!.page], tokens };
    });
  if (question.ask === 'estimate') return (await opened.estimateParts(document, { ...plan, signal })).seconds;
  if (question.ask === 'suggest') return opened.suggest(document, { ...plan, inParts: true, kept: keptOf(of), signal });
  return reply(id, question, opened, document, signal);
}

/** The same text for the same request, also after it was stored and read again in another order. */
const settingsOf = (request: RunRequest): string =>
  JSON.stringify(
    Object.entries(request)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const keptOf = ({ id, model: { sha256 } }: Subject) =>
  sha256 === undefined ? undefined : { store: httpSnapshots, document: id, model: sha256 };

async function reply(
  id: number,
  { of, request, thread }: Asked<'reply'>,
  opened: Reader,
  document: ReadDocument,
  signal: AbortSignal,
): Promise<Reply> {
  const { kind, question = '', ...wish } = request;
  const { sha256 } = of.model;
  const checkpoints = {
    store: httpCheckpoints(of.id),
    key: fingerprint(sha256 ?? of.model.url, settingsOf(request)),
  };
  const options = {
    ...wish,
    thread,
    pages: of.pages,
    ropeFactor: of.ropeFactor,
    kept: keptOf(of),
    checkpoints: wish.inParts ? checkpoints : undefined,
    signal,
    onProgress: (progress: StageProgress) => post({ id, progress }),
  };
  const made =
    kind === 'summary' ? await opened.summarize(document, options) : await opened.ask(document, question, options);
  if (wish.inParts) await checkpoints.store.forget(checkpoints.key);
  return { ...made, model: { ...made.model, sha256 } };
}

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
    const { choice } = error as { choice?: never };
    // What lies at the model's address now, if anything, is to be opened anew.
    if (kind === 'model-gone') closeReader();
    post(controller.signal.aborted ? { id, stopped: true } : { id, failure: { name, kind, message, detail, choice } });
  } finally {
    running.delete(id);
  }
};
