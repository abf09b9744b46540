// The engine's worker: the only file of the window that takes values of `gpu`. It opens the model that is asked for by ranges,
// keeps one Reader (and with it the window that was read in), and answers in the order of the questions.
import { type ByteSource, type Engine, EngineError } from '../../gpu/api.ts';
import {
  adapterInfoOf,
  bytesFor,
  createEngine,
  fitOf,
  joinParts,
  type LookedAt,
  lookAt,
  measureRoom,
  type OpenModel,
  openModel,
  rotaryReport,
} from '../../gpu/index.ts';
import { uniform } from '../../gpu/model/sampling.ts';
import type { RunRequest } from '../../main/common/api.ts';
import type { Written } from '../../reading/document.ts';
import {
  fingerprint,
  isByWords,
  type ReadDocument,
  Reader,
  type Reply,
  type StageProgress,
} from '../../reading/index.ts';
import { FACTORS, LARGEST_WINDOW, planParts } from '../../reading/window.ts';
import { withPiece } from '../document/document-pieces.ts';
import { nowAndThen } from '../now-and-then.ts';
import type {
  Answers,
  FromWorker,
  ModelAddress,
  ModelReport,
  ModelsReport,
  PartSpan,
  SentQuestion,
  ToWorker,
} from './engine-protocol.ts';
import { blobSource, httpSource } from './http-source.ts';
import { httpCheckpoints, httpSnapshots } from './kept.ts';
import { layoutOfPlan } from './ribbon.ts';

type Asked<A extends SentQuestion['ask']> = Extract<SentQuestion, { ask: A }>;
type Of = Asked<'reply'>['of'];

const post = (message: FromWorker) => self.postMessage(message);
const noGpu = () =>
  new EngineError(
    'no-gpu',
    'No usable graphics device was found, so nothing can be summarised. Update the graphics driver.',
  );

const onDeviceLost = () => {
  for (const id of running.keys()) post({ id, notice: 'The graphics device was reset. Resuming.' });
};

/** Known by its model and how that is loaded; `bytes`: what it takes on the card then. */
let reader: { key: string; opened: Promise<Reader>; bytes: number } | undefined;
/** The document that was handed over last: the same object for all questions about it, so that its plan is made once. */
let held: ReadDocument | undefined;

/** Milliseconds between two words of how far that is: each draws the window anew, and nobody waits for it. */
const BEHIND = 500;
/** The document that is read in while nothing else is asked of the model. */
let behind: AbortController | undefined;

function closeReader(): void {
  behind?.abort();
  void reader?.opened.then((old) => old.dispose());
  reader = undefined;
}

const sourceOf = ({ url, bytes, parts }: ModelAddress): ByteSource =>
  parts ? joinParts(parts.map((size, i) => httpSource(`${url}.${i + 1}`, size))) : httpSource(url, bytes);

async function load(model: OpenModel, options: Parameters<typeof createEngine>[2]): Promise<Engine> {
  if (!navigator.gpu) throw noGpu();
  return createEngine(navigator.gpu, model, { ...options, onDeviceLost });
}

function readerOf(address: ModelAddress): Promise<Reader> {
  const { url, kvType } = address;
  const key = `${url} ${kvType ?? ''}`;
  if (reader?.key === key) return reader.opened;
  closeReader();
  const opened = openModel(sourceOf(address)).then(
    (model) =>
      new Reader(model, async (options) => {
        const engine = await load(model, { ...options, kvType });
        mine.bytes = bytesFor(model, engine.contextLength, kvType);
        return engine;
      }),
  );
  const mine = { key, opened, bytes: 0 };
  reader = mine;
  opened.catch(() => {
    if (reader === mine) reader = undefined;
  });
  return opened;
}

async function findAdapter() {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw noGpu();
  return adapterInfoOf(adapter);
}

async function answer(
  id: number,
  question: SentQuestion,
  about: ReadDocument | undefined,
  signal: AbortSignal,
): Promise<Answers[keyof Answers]> {
  if (question.ask === 'adapter') return findAdapter();
  if (question.ask === 'header') {
    const files = question.files.map(blobSource);
    const { name, architecture } = (await openModel(files.length > 1 ? joinParts(files) : files[0]!)).info;
    return { name, architecture };
  }
  if (question.ask === 'models') return describeModels(question);
  if (question.ask === 'rotary')
    return rotaryReport(await openModel(sourceOf(question.model)), FACTORS, LARGEST_WINDOW);
  if (asksModel(question)) behind?.abort();
  if (question.ask === 'self-test') return selfTest(id, question, signal);
  const { of } = question;
  if (!about) throw new Error('no document was handed over');
  const opened = await readerOf(of.model);
  const document = about;
  const plan = { pages: of.pages, ropeFactor: of.ropeFactor, contextLength: of.contextLength };
  if (question.ask === 'manner') return { wordsChoose: opened.wordsChoose };
  if (question.ask === 'read-in') {
    behind = running.get(id);
    await opened.readIn(document, {
      ...plan,
      kept: keptOf(of),
      signal,
      onProgress: nowAndThen(
        BEHIND,
        (progress: StageProgress) => post({ id, progress }),
        (now, last) => now.stage !== last.stage,
      ),
    });
    return undefined;
  }
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

/** Whether it needs the engine, so that what is read in behind makes room. */
const asksModel = (question: SentQuestion): boolean =>
  question.ask === 'self-test' ||
  question.ask === 'estimate' ||
  question.ask === 'read-in' ||
  (question.ask === 'reply' && !isByWords({ ...question.request, byWords: question.byWords }));

/** The same keys at the same depths each time, so that two tests can be compared. */
const SEED = 7;

async function selfTest(id: number, { model, lengths, depths }: Asked<'self-test'>, signal: AbortSignal) {
  const opened = await readerOf(model);
  return opened.selfTest(
    { lengths, depths, next: uniform(SEED) },
    { signal, onPlace: (place) => post({ id, place }), onProgress: (progress) => post({ id, progress }) },
  );
}

const lookedAt = new Map<string, LookedAt>();

/** A header is read once for as long as the file has the same size. */
async function look(address: ModelAddress): Promise<LookedAt> {
  const key = `${address.url} ${address.bytes} ${address.sha256}`;
  const known = lookedAt.get(key) ?? lookAt(await openModel(sourceOf(address)));
  lookedAt.set(key, known);
  return known;
}

async function describeModels({ models, hostMemory, most }: Asked<'models'>): Promise<ModelsReport> {
  const looked: (LookedAt | { refused: string })[] = [];
  for (const address of models) looked.push(await look(address).catch(refusal));
  const needs = looked.map((one, i) => ('refused' in one ? 0 : sizeOrNothing(one, models[i]!.kvType)));
  const room = await (navigator.gpu
    ? measureRoom(navigator.gpu, Math.max(most, ...needs), hostMemory)
    : undefined
  )?.catch(() => undefined);
  // Another model would come in place of the one that is loaded.
  const card = room && { ...room, free: room.free + (reader?.bytes ?? 0) };
  const reports = looked.map((one, i) => {
    if ('refused' in one) return one;
    try {
      return {
        ...reportOf(one.facts),
        ...(card && { fit: fitOf(one.measured, LARGEST_WINDOW, card, models[i]!.kvType) }),
      };
    } catch (error) {
      return refusal(error);
    }
  });
  return { models: reports, ...(card && { room: { free: card.free, largest: card.largest } }) };
}

/** Our own sentence, or a general one: one model that cannot be read keeps no other from being described. */
function refusal(error: unknown): { refused: string } {
  const { kind, message, name } = error as { kind?: string; message: string; name?: string };
  if (kind !== undefined) return { refused: message };
  console.error('unforeseen:', name);
  return { refused: 'What this file is could not be read just now.' };
}

const sizeOrNothing = ({ measured }: LookedAt, kvType: ModelAddress['kvType']): number => {
  try {
    return bytesFor(measured, LARGEST_WINDOW, kvType);
  } catch {
    return 0;
  }
};

const reportOf = ({ types, ...facts }: LookedAt['facts']): ModelReport => {
  const { name, architecture, parameters, trainedContext, rope, chat, licence } = facts;
  const byNumber = Object.entries(types).sort(([, a], [, b]) => b - a);
  return { name, architecture, parameters, trainedContext, rope, chat, licence, types: byNumber.map(([type]) => type) };
};

/** Milliseconds between two looks at what is being written. */
const GLANCE = 200;

/** The same text for the same request, also after it was stored and read again in another order. */
const settingsOf = (request: RunRequest): string =>
  JSON.stringify(
    Object.entries(request)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const keptOf = ({ id, model: { sha256 } }: Of) =>
  sha256 === undefined ? undefined : { store: httpSnapshots, document: id, model: sha256 };

async function reply(
  id: number,
  { of, request, thread, written, byWords }: Asked<'reply'>,
  opened: Reader,
  document: ReadDocument,
  signal: AbortSignal,
): Promise<Reply> {
  const { kind, question = '', ...wish } = request;
  const { sha256 } = of.model;
  const checkpoints = {
    store: httpCheckpoints(of.id),
    key: fingerprint(sha256 ?? of.model.url, settingsOf(request), ...(of.contextLength ? [`${of.contextLength}`] : [])),
  };
  const options = {
    ...wish,
    // Words alone need no window, so that nothing is too long for it.
    ...(byWords && { byWords, inParts: true }),
    thread,
    pages: of.pages,
    ropeFactor: of.ropeFactor,
    contextLength: of.contextLength,
    kept: keptOf(of),
    checkpoints: wish.inParts ? checkpoints : undefined,
    signal,
    onProgress: (progress: StageProgress) => post({ id, progress }),
    written,
    onWritten: nowAndThen(GLANCE, (now: Written) => post({ id, written: now })),
  };
  const made =
    kind === 'summary' ? await opened.summarize(document, options) : await opened.ask(document, question, options);
  if (wish.inParts) await checkpoints.store.forget(checkpoints.key);
  return { ...made, model: { ...made.model, sha256 } };
}

const running = new Map<number, AbortController>();

self.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  if ('piece' in data) {
    held = withPiece(held, data.piece);
    return;
  }
  const { id } = data;
  if ('cancel' in data) return running.get(id)?.abort();
  const controller = new AbortController();
  running.set(id, controller);
  try {
    post({ id, answer: await answer(id, data.question, held, controller.signal) });
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
