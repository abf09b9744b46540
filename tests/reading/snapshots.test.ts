// A document that is reopened is not read in again: with the real engine and the embedded model, over a real folder. What is torn,
// cut, changed, foreign or cannot be written costs time and never a reply.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { createEngine, type Engine, type OpenModel, openModel } from '../../gpu/index.ts';
import { openSnapshots, type Snapshots } from '../../main/services/snapshots.ts';
import { Reader, type Reply, type SnapshotOwner, type SnapshotStore, snapshotName } from '../../reading/index.ts';
import { promptFormat } from '../../reading/prompt.ts';
import { keepWindow, restoreWindow } from '../../reading/snapshots.ts';
import { planWindow } from '../../reading/window.ts';
import { testGpu } from '../gpu/adapter.ts';
import { embedded } from '../terminal/command.ts';
import { makeDocument } from './made-document.ts';

const gpu = await testGpu();
const folder = mkdtempSync(join(tmpdir(), 'longleaf-snapshots-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const report = makeDocument([
  ...Array.from({ length: 2 }, (_, page) => [
    Array.from({ length: 20 }, (_, i) => `In ${1900 + 20 * page + i} the harbour took in ${37 + 11 * i + page} ships.`),
  ]),
  [['The lighthouse of Varnholt was painted red by Anna Holm in the spring.']],
]);
const question = 'Who painted the lighthouse of Varnholt?';
const [document, modelHash] = ['a'.repeat(64), 'b'.repeat(64)];
let model: OpenModel;
let snapshots: Snapshots;
let tokens = 0;
/** Tokens of the question, which no snapshot holds. */
let asked = 0;
let whole: Buffer;

beforeAll(async () => {
  model = await openModel(bytesSource(new Uint8Array(await readFile(embedded))));
  tokens = planWindow(report, model).ids.length;
  asked = promptFormat(model.tokenizer).question(question).length;
  expect(tokens).toBeGreaterThan(512);
});

beforeEach(() => {
  rmSync(join(folder, 'kept'), { recursive: true, force: true });
  snapshots = openSnapshots(join(folder, 'kept'), () => 8e9);
});

const fileStore = (): SnapshotStore => ({
  open: async (name) => {
    const path = await snapshots.path(name);
    return path === undefined ? undefined : bytesSource(new Uint8Array(await readFile(path)));
  },
  save: (name, bytes, size) => snapshots.store(name, bytes, size),
});

const owner = (store: SnapshotStore = fileStore(), hash = modelHash): SnapshotOwner => ({
  store,
  document,
  model: hash,
});
const files = () => readdirSync(join(folder, 'kept'));
const only = () => join(folder, 'kept', files()[0]!);

interface Session {
  reply: Reply;
  engine: Engine;
}

/** One question in a fresh process, as it were: a new reader, a new engine. */
async function session(kept: SnapshotOwner | undefined, look?: (engine: Engine) => Promise<void>): Promise<Session> {
  let engine: Engine | undefined;
  const reader = new Reader(model, async (options) => {
    engine = await createEngine(gpu, model, options);
    return engine;
  });
  const reply = await reader.ask(report, question, { kept });
  await reader.settled();
  await look?.(engine!);
  reader.dispose();
  return { reply, engine: engine! };
}

const sayings = ({ reply }: Session) => reply.sentences.map(({ text }) => text);

describe('a reopened document', () => {
  test('answers without being read in again, with logits that are the same to the bit', async () => {
    const prompt = [...planWindow(report, model).ids, 5, 6, 7];
    const logits: Float32Array[] = [];
    const look = async (engine: Engine) => {
      const [row] = await engine.logprobs(prompt, [Array.from({ length: 40 }, (_, i) => i + 300)]);
      logits.push(row!);
    };
    const cold = await session(owner(), look);
    expect(cold.reply.timing).toMatchObject({ prefillTokens: tokens + asked, reusedTokens: 0 });
    expect(files()).toEqual([`${snapshotName(owner(), planWindow(report, model))}.kv`]);
    const warm = await session(owner(), look);
    expect(warm.reply.timing).toMatchObject({ prefillTokens: asked, reusedTokens: tokens });
    expect(sayings(warm)).toEqual(sayings(cold));
    expect(sayings(warm)[0]).toContain('Anna Holm');
    expect(new Uint8Array(logits[1]!.buffer)).toEqual(new Uint8Array(logits[0]!.buffer));
    expect(files()).toHaveLength(1);
  });

  test('is kept once, and not at all where it is not wanted', async () => {
    const names: string[] = [];
    const store = fileStore();
    const save: SnapshotStore['save'] = (name, bytes, size) => {
      names.push(name);
      return store.save(name, bytes, size);
    };
    const reader = new Reader(model, (options) => createEngine(gpu, model, options));
    await reader.ask(report, question, { kept: owner({ ...store, save }) });
    await reader.settled();
    await reader.ask(report, 'Which harbour took in ships?', { kept: owner({ ...store, save }) });
    await reader.settled();
    reader.dispose();
    expect(names).toHaveLength(1);
    expect(files()).toHaveLength(1);
    await session(undefined);
    expect(files()).toHaveLength(1);
  });
});

const flipped = (bytes: Buffer, at: number): Buffer => {
  bytes[at]! ^= 1;
  return bytes;
};

const oneOf = async function* (bytes: Buffer) {
  yield bytes;
};

describe('what is wrong with a snapshot costs time and nothing else', () => {
  const refilled = async (kept = owner()) => {
    const { reply } = await session(kept);
    expect(reply.timing).toMatchObject({ prefillTokens: tokens + asked, reusedTokens: 0 });
    expect(reply.sentences[0]!.text).toContain('Anna Holm');
  };

  beforeAll(async () => {
    await session(owner());
    whole = readFileSync(only());
  });

  const faults: [string, (bytes: Buffer) => Buffer][] = [
    ['cut in the middle', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['torn: its end is zeros', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -5000), Buffer.alloc(5000)])],
    ['changed by one bit in its rows', (bytes: Buffer) => flipped(bytes, bytes.length - 999)],
    ['longer than it should be', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(10)])],
    ['changed by one bit in its ids', (bytes: Buffer) => flipped(bytes, 600)],
    ['something else', () => Buffer.from('<!doctype html>')],
    ['empty', () => Buffer.alloc(0)],
  ];
  test('cut, torn, changed or something else: it is not put back, and what is in the window serves on', async () => {
    const plan = planWindow(report, model);
    const engine = await createEngine(gpu, model, plan);
    await snapshots.store(snapshotName(owner(), plan), oneOf(whole));
    expect(await restoreWindow(engine, plan, owner())).toBe(true);
    for (const [name, change] of faults) {
      await snapshots.store(snapshotName(owner(), plan), oneOf(change(Buffer.from(whole))));
      expect([name, await restoreWindow(engine, plan, owner())]).toEqual([name, false]);
    }
    expect(await keepWindow(engine, plan, owner(), () => false)).toBe(false);
    engine.dispose();
  });

  test('after one, the document is read in and kept anew', async () => {
    await snapshots.store(snapshotName(owner(), planWindow(report, model)), oneOf(faults[0]![1](Buffer.from(whole))));
    await refilled();
    expect(readFileSync(only()).equals(whole)).toBe(true);
  });

  test('made of another document under this name', async () => {
    const other = makeDocument(
      report.pages.map(() => [['The orchard of Lind has nine hundred apple trees. '.repeat(20).trim()]]),
    );
    const reader = new Reader(model, (options) => createEngine(gpu, model, options));
    await reader.summarize(other, { kept: owner() });
    await reader.settled();
    reader.dispose();
    const foreign = readFileSync(only());
    rmSync(only());
    writeFileSync(join(folder, 'kept', `${snapshotName(owner(), planWindow(report, model))}.kv`), foreign);
    const { reply } = await session(owner());
    expect(reply.timing.prefillTokens + reply.timing.reusedTokens).toBe(tokens + asked);
    expect(reply.timing.reusedTokens).toBeLessThan(8);
    expect(reply.sentences[0]!.text).toContain('Anna Holm');
  });

  test('of another model is not even asked for', async () => {
    await snapshots.store(snapshotName(owner(), planWindow(report, model)), oneOf(whole));
    await refilled(owner(fileStore(), 'c'.repeat(64)));
    expect(files()).toHaveLength(2);
  });

  test('cannot be written, or read: the disk is full, or broken', async () => {
    const full: SnapshotStore = {
      open: async () => undefined,
      async save(_name, bytes) {
        for await (const _ of bytes) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      },
    };
    await refilled(owner(full));
    const broken: SnapshotStore = {
      open: async () => ({
        size: 1000,
        read: () => Promise.reject(new Error('EIO')),
        close: () => Promise.reject(new Error('EIO')),
      }),
      save: () => Promise.reject(new Error('EIO')),
    };
    await refilled(owner(broken));
    await refilled(owner({ open: () => Promise.reject(new Error('EIO')), save: broken.save }));
  });
});
