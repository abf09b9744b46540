// The border between a window and main: what crosses, what is refused, and that nothing a window sends brings main down.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callNames, type MainApi, MainError } from '../../../main/common/api.ts';
import { connectApi, longestMessage, type Port, serveApi } from '../../../main/common/rpc.ts';
import { aReply } from '../a-reply.ts';
import { portPair } from '../port-pair.ts';
import { mulberry32 } from '../random.ts';

const id = 'a'.repeat(64);

/** Records the calls that reach a handler. */
const recordingApi = () => {
  const calls: [string, unknown[]][] = [];
  const api = Object.fromEntries(
    callNames.map((name) => [
      name,
      async (...values: unknown[]) => {
        calls.push([name, values]);
        return values[0] ?? null;
      },
    ]),
  ) as unknown as MainApi;
  return { api, calls };
};

const rejections: unknown[] = [];
const onRejection = (reason: unknown) => rejections.push(reason);

beforeEach(() => {
  rejections.length = 0;
  process.on('unhandledRejection', onRejection);
});
afterEach(async () => {
  await new Promise((done) => setImmediate(done));
  process.off('unhandledRejection', onRejection);
  expect(rejections).toEqual([]);
});

/** Sends raw messages and hears the raw answers. */
const rawWindow = (api: MainApi): { port: Port; answers: Record<string, unknown>[] } => {
  const [mainEnd, port] = portPair();
  serveApi(mainEnd, api);
  const answers: Record<string, unknown>[] = [];
  port.listen((message) => answers.push(JSON.parse(message)));
  return { port, answers };
};

const settled = () => new Promise((done) => setTimeout(done, 20));

describe('a call', () => {
  test('arrives with its arguments and returns its value', async () => {
    const [mainEnd, windowEnd] = portPair();
    const { api, calls } = recordingApi();
    serveApi(mainEnd, api);
    const window = connectApi(windowEnd);
    await window.addRun(id, aReply());
    expect(calls).toEqual([['addRun', [id, aReply()]]]);
    expect(await window.changeSettings({ theme: 'dark' })).toEqual({ theme: 'dark' });
  });

  test('rejects with our own sentence when main says one', async () => {
    const [mainEnd, windowEnd] = portPair();
    const { api } = recordingApi();
    api.runs = async () => {
      throw new MainError('disk-full', 'The disk is full.', 'ENOSPC');
    };
    serveApi(mainEnd, api);
    const error = await connectApi(windowEnd)
      .runs(id)
      .catch((caught) => caught);
    expect(error).toBeInstanceOf(MainError);
    expect([error.kind, error.message, error.detail]).toEqual(['disk-full', 'The disk is full.', '']);
  });

  test('tells a window nothing of an unforeseen error, and the log everything', async () => {
    const [mainEnd, windowEnd] = portPair();
    const { api } = recordingApi();
    api.documents = async () => {
      throw new TypeError('secret of /home/reader');
    };
    const reported: unknown[] = [];
    serveApi(mainEnd, api, (error, call) => reported.push([call, String(error)]));
    const heard: string[] = [];
    const spied: Port = {
      ...windowEnd,
      listen: (on) =>
        windowEnd.listen((message) => {
          heard.push(message);
          on(message);
        }),
    };
    const error = await connectApi(spied)
      .documents()
      .catch((caught) => caught);
    expect(error.message).toBe('Something went wrong in Longleaf; your documents and history are kept.');
    expect(heard.join()).not.toContain('secret');
    expect(reported).toEqual([['documents', 'TypeError: secret of /home/reader']]);
  });

  test('rejects when the connection ends under it, and after', async () => {
    const [mainEnd, windowEnd] = portPair();
    const { api } = recordingApi();
    api.documents = () => new Promise(() => undefined);
    serveApi(mainEnd, api);
    const window = connectApi(windowEnd);
    const waiting = window.documents().catch((error) => error.kind);
    await settled();
    windowEnd.close();
    expect(await waiting).toBe('gone');
    expect(await window.documents().catch((error) => error.kind)).toBe('gone');
  });

  test('that is too large is not sent', async () => {
    const [, windowEnd] = portPair();
    let sent = 0;
    const window = connectApi({ ...windowEnd, post: () => sent++ });
    const huge = aReply('x'.repeat(longestMessage));
    expect(await window.addRun(id, huge).catch((error) => error.kind)).toBe('too-large');
    expect(sent).toBe(0);
  });
});

describe('main refuses', () => {
  const wrong: [string, unknown[]][] = [
    ['start', [1]],
    ['documents', [null]],
    ['addDocument', []],
    ['addDocument', [{ id: '../../etc/passwd', name: 'a', title: '', pages: 1, words: 0 }]],
    ['addDocument', [{ id, name: '', title: '', pages: 1, words: 0 }]],
    ['addDocument', [{ id, name: 'a', title: '', pages: 0, words: 0 }]],
    ['addDocument', [{ id, name: 'a', title: '', pages: 1.5, words: 0 }]],
    ['addDocument', [{ id, name: 'a', title: 't'.repeat(1_001), pages: 1, words: 0 }]],
    ['removeDocument', ['A'.repeat(64)]],
    ['removeDocument', [`${id}\n`]],
    ['removeDocument', [[id]]],
    ['runs', [{ toString: id }]],
    ['addRun', [id]],
    ['addRun', [id, {}]],
    ['addRun', [id, { ...aReply(), kind: 'poem' }]],
    ['addRun', [id, { ...aReply(), sentences: new Array(2_001).fill({ text: '', citations: [] }) }]],
    ['removeRun', ['1; DROP TABLE runs']],
    ['removeRun', [-1]],
    ['removeRun', [2 ** 60]],
    ['changeSettings', [{ theme: 'neon' }]],
    ['changeSettings', [{ model: 7 }]],
    ['changeSettings', ['theme']],
  ];
  test.each(wrong)('%s with wrong arguments', async (name, values) => {
    const { api, calls } = recordingApi();
    const { port, answers } = rawWindow(api);
    port.post(JSON.stringify({ t: 'q', i: '1', m: name, a: values }));
    await settled();
    expect(calls).toEqual([]);
    expect(answers).toHaveLength(1);
    expect(answers[0].e).toMatchObject({ name: 'MainError', kind: 'refused' });
  });

  const inherited = [
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    '__defineGetter__',
    'then',
    '$close',
    '$call',
    '',
  ];
  test.each(inherited)('the method %j, which does not exist', async (name) => {
    const { api, calls } = recordingApi();
    const { port, answers } = rawWindow(api);
    port.post(JSON.stringify({ t: 'q', i: '1', m: name, a: [] }));
    await settled();
    expect(calls).toEqual([]);
    expect(answers[0].e).toMatchObject({ kind: 'refused' });
  });

  test('a prototype that comes as a value', async () => {
    const { api, calls } = recordingApi();
    const { port } = rawWindow(api);
    port.post(
      `{"t":"q","i":"1","m":"changeSettings","a":[{"theme":"dark","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}]}`,
    );
    port.post(`{"t":"q","i":"2","m":"documents","a":[],"__proto__":{"polluted":true}}`);
    await settled();
    expect(calls).toEqual([
      ['changeSettings', [{ theme: 'dark' }]],
      ['documents', []],
    ]);
    expect(Object.hasOwn(calls[0][1][0] as object, '__proto__')).toBe(false);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

/** The full count with LONGLEAF_LONG_TESTS=1. */
const hostileMessages = process.env.LONGLEAF_LONG_TESTS === '1' ? 5_000 : 500;

describe(`${hostileMessages} messages that no window of ours sends`, () => {
  const values = [
    null,
    0,
    -1,
    1e308,
    '',
    'x'.repeat(70_000),
    [],
    {},
    true,
    [[[[]]]],
    { __proto__: null, length: 9 },
    id,
  ];
  const envelopes = [
    (v: unknown) => JSON.stringify(v),
    (v: unknown) => JSON.stringify({ t: 'q', i: v, m: 'documents', a: [] }),
    (v: unknown) => JSON.stringify({ t: 'q', i: '1', m: v, a: [] }),
    (v: unknown) => JSON.stringify({ t: 'q', i: '1', m: 'runs', a: v === id ? null : v }),
    (v: unknown) => JSON.stringify({ t: 'q', i: '1', m: 'addDocument', a: [v] }),
    (v: unknown) => JSON.stringify({ t: 'q', i: '1', m: 'addRun', a: [id, v] }),
    (v: unknown) => JSON.stringify({ t: v, i: '1', m: 'documents', a: [] }),
    (v: unknown) => JSON.stringify({ t: 's', i: '1', r: v, e: v }),
    (v: unknown) => `{"t":"q","i":"1","m":"removeRun","a":[${JSON.stringify(v)},{"__proto__":1}]}`,
    (v: unknown) => `${JSON.stringify({ t: 'q', i: '1', m: 'documents', a: [v] })}}`,
    () => '['.repeat(100_000),
    () => '\u0000\uffff{"t":',
  ];

  test('bring nothing down, reach no handler, and the next call is answered', async () => {
    const random = mulberry32(7);
    const { api, calls } = recordingApi();
    const { port, answers } = rawWindow(api);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
    for (let i = 0; i < hostileMessages; i++) {
      let message = pick(envelopes)(pick(values)) ?? 'null';
      if (random() < 0.3 && message.length > 2) {
        const at = Math.floor(random() * message.length);
        message = message.slice(0, at) + String.fromCharCode(32 + Math.floor(random() * 90)) + message.slice(at + 1);
      }
      port.post(message);
    }
    port.post('x'.repeat(longestMessage + 1));
    await settled();
    // Of all these only a call that is whole and right may come through: `documents`, with any id.
    expect(calls.filter(([name, given]) => name !== 'documents' || given.length > 0)).toEqual([]);
    calls.length = 0;
    answers.length = 0;
    port.post(JSON.stringify({ t: 'q', i: 'last', m: 'documents', a: [] }));
    await settled();
    expect(calls).toEqual([['documents', []]]);
    expect(answers).toEqual([{ t: 's', i: 'last', r: null }]);
  });

  test('from main leave a window waiting for its own answer', async () => {
    const [mainEnd, windowEnd] = portPair();
    const window = connectApi(windowEnd);
    mainEnd.listen((message) => {
      for (const bad of ['', '{', 'null', '[]', '{"t":"q","i":"1","m":"constructor","a":[]}', '{"t":"s"}'])
        mainEnd.post(bad);
      mainEnd.post(JSON.stringify({ t: 's', i: JSON.parse(message).i, r: [] }));
    });
    expect(await window.documents()).toEqual([]);
  });
});
