import { expect, test } from 'vitest';
import type { ReadDocument } from '../../../reading/document.ts';
import { piecesOf, withPiece } from '../../../renderer/document/document-pieces.ts';
import type { FromWorker, ToWorker } from '../../../renderer/engine/engine-protocol.ts';
import { createReaderClient, Stopped, WorkerFailure, type WorkerPort } from '../../../renderer/engine/reader-client.ts';
import { document } from '../some-document.ts';

/** The worker's end, driven by hand. */
function atHand() {
  const ports: (WorkerPort & { sent: ToWorker[]; ended: boolean; say(message: FromWorker): void })[] = [];
  const client = createReaderClient(() => {
    const port = {
      sent: [] as ToWorker[],
      ended: false,
      onmessage: null as WorkerPort['onmessage'],
      onerror: null as WorkerPort['onerror'],
      postMessage: (message: ToWorker) => void port.sent.push(message),
      terminate: () => {
        port.ended = true;
      },
      say: (message: FromWorker) => port.onmessage?.({ data: message } as MessageEvent<FromWorker>),
    };
    ports.push(port);
    return port;
  });
  return { client, ports };
}

test('answers reach their question, whatever their order', async () => {
  const { client, ports } = atHand();
  const first = client.ask({ ask: 'adapter' });
  const second = client.ask({ ask: 'adapter' });
  ports[0]!.say({ id: 2, answer: { name: 'two', software: false } });
  ports[0]!.say({ id: 1, answer: { name: 'one', software: true } });
  expect([(await first).name, (await second).name]).toEqual(['one', 'two']);
  expect(ports.length).toBe(1);
});

test('progress is passed on while the question is open', async () => {
  const { client, ports } = atHand();
  const heard: number[] = [];
  const asked = client.ask({ ask: 'adapter' }, { onProgress: ({ done }) => heard.push(done) });
  const progress = (done: number) => ports[0]!.say({ id: 1, progress: { stage: 'window', done, total: 9 } });
  progress(3);
  ports[0]!.say({ id: 1, answer: { name: 'x', software: false } });
  await asked;
  progress(4);
  expect(heard).toEqual([3]);
});

test('a notice reaches the question that is open', async () => {
  const { client, ports } = atHand();
  const heard: string[] = [];
  const asked = client.ask({ ask: 'adapter' }, { onNotice: (sentence) => heard.push(sentence) });
  ports[0]!.say({ id: 1, notice: 'The graphics device was reset. Resuming.' });
  ports[0]!.say({ id: 1, answer: { name: 'x', software: false } });
  await asked;
  expect(heard).toEqual(['The graphics device was reset. Resuming.']);
});

test('Stop is answered even when the worker is silent, and tells it to cancel', async () => {
  const { client, ports } = atHand();
  const controller = new AbortController();
  const asked = client.ask({ ask: 'adapter' }, { signal: controller.signal });
  controller.abort();
  await expect(asked).rejects.toBeInstanceOf(Stopped);
  expect(ports[0]!.sent.at(-1)).toEqual({ id: 1, cancel: true });
});

test('a question that was stopped before it was sent is never sent', async () => {
  const { client, ports } = atHand();
  await expect(client.ask({ ask: 'adapter' }, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(Stopped);
  expect(ports).toEqual([]);
});

test('a failure keeps name, kind and sentence', async () => {
  const { client, ports } = atHand();
  const asked = client.ask({ ask: 'adapter' });
  ports[0]!.say({ id: 1, failure: { name: 'EngineError', kind: 'no-gpu', message: 'No GPU.', detail: '' } });
  await expect(asked).rejects.toMatchObject({ name: 'EngineError', kind: 'no-gpu', message: 'No GPU.' });
});

test('a worker that dies fails its questions, and the next question starts a new one', async () => {
  const { client, ports } = atHand();
  const asked = client.ask({ ask: 'adapter' });
  ports[0]!.onerror?.({} as ErrorEvent);
  await expect(asked).rejects.toBeInstanceOf(WorkerFailure);
  expect(ports[0]!.ended).toBe(true);
  const again = client.ask({ ask: 'adapter' });
  ports[1]!.say({ id: 2, answer: { name: 'new', software: false } });
  expect((await again).name).toBe('new');
});

const of = { model: { url: 'model', bytes: 1 }, id: 'hash', document };
/** Until a worker, which may not be there yet, was sent so many questions, each behind its document. */
const sentTo = (worker: () => { sent: ToWorker[] } | undefined, count: number) =>
  expect.poll(() => worker()?.sent.filter((message) => 'question' in message).length).toBe(count);
const piecesIn = (sent: ToWorker[]) => sent.flatMap((message) => ('piece' in message ? message.piece : []));

test('a document goes ahead of its question in pieces, once', async () => {
  const { client, ports } = atHand();
  void client.ask({ ask: 'parts', of });
  void client.ask({ ask: 'estimate', of });
  await sentTo(() => ports[0], 2);
  const { sent } = ports[0]!;
  expect(piecesIn(sent).reduce(withPiece, undefined as ReadDocument | undefined)).toEqual(document);
  const questions = sent.slice(-2).map((message) => ('question' in message ? message.question : message));
  expect(questions).toEqual([
    { ask: 'parts', of: { model: of.model, id: 'hash' } },
    { ask: 'estimate', of: { model: of.model, id: 'hash' } },
  ]);
  const other = { ...document, text: 'b'.repeat(100) };
  void client.ask({ ask: 'parts', of: { ...of, document: other } });
  await sentTo(() => ports[0], 3);
  const begun = piecesIn(sent).filter((piece) => 'document' in piece);
  expect(begun.map(({ document: { text } }) => text)).toEqual([document.text, other.text]);
});

test('a question that is stopped while its document is handed over is not asked', async () => {
  const { client, ports } = atHand();
  const controller = new AbortController();
  const asked = client.ask({ ask: 'parts', of }, { signal: controller.signal });
  await Promise.resolve();
  controller.abort();
  await expect(asked).rejects.toBeInstanceOf(Stopped);
  expect(ports[0]!.sent.some((message) => 'question' in message)).toBe(false);
});

test('a worker that dies while a document is handed over fails its question; the next worker gets all of it', async () => {
  const { client, ports } = atHand();
  const asked = client.ask({ ask: 'parts', of });
  await Promise.resolve();
  ports[0]!.onerror?.({} as ErrorEvent);
  await expect(asked).rejects.toBeInstanceOf(WorkerFailure);
  void client.ask({ ask: 'parts', of });
  await sentTo(() => ports[1], 1);
  expect(piecesIn(ports[1]!.sent).reduce(withPiece, undefined as ReadDocument | undefined)).toEqual(document);
});

test('a question that cannot be sent fails, and the next one is asked', async () => {
  const { client, ports } = atHand();
  void client.ask({ ask: 'adapter' });
  const { postMessage } = ports[0]!;
  ports[0]!.postMessage = () => {
    throw new DOMException('too large', 'DataCloneError');
  };
  await expect(client.ask({ ask: 'parts', of })).rejects.toThrow('too large');
  ports[0]!.postMessage = postMessage;
  void client.ask({ ask: 'parts', of });
  await sentTo(() => ports[0], 2);
  expect(ports[0]!.sent.at(-1)).toMatchObject({ question: { ask: 'parts' } });
});

test('a long document is parted into pieces of a thousand entries at most', () => {
  const [sentence] = document.sentences;
  const long = { ...document, sentences: Array.from({ length: 2_500 }, (_, index) => ({ ...sentence!, index })) };
  const pieces = [...piecesOf(long)];
  expect(pieces.every((piece) => 'document' in piece || piece.more.length <= 1_000)).toBe(true);
  expect(pieces.reduce(withPiece, undefined as ReadDocument | undefined)).toEqual(long);
});
