// Headers in which one field lies, each as a file of its true size and as the beginning of one of 40 GB, where the end of the file
// protects from nothing.
import { describe, expect, test } from 'vitest';
import type { ByteSource } from '../../../gpu/api.ts';
import { ggmlTypes, isComputed } from '../../../gpu/gguf/ggml-types.ts';
import { openModel } from '../../../gpu/open-model.ts';
import { syntheticModel } from '../synthetic-model.ts';
import { type Lies, lyingGguf } from './lying-gguf.ts';
import { smallTokens } from './small-llama.ts';

const max64 = 2n ** 64n - 1n;
const q = 'blk.0.attn_q.weight';
const tokens = 'tokenizer.ggml.tokens';
const scores = 'tokenizer.ggml.scores';
const types = 'tokenizer.ggml.token_type';

type Case = readonly [name: string, lies: Lies];

/** The same lie with several values. */
const each = (name: string, field: string, values: readonly (number | bigint)[]): Case[] =>
  values.map((value) => [`${name} ${value}`, { [field]: value }]);

const damagedCases: Case[] = [
  ...each('version', 'version', [0, 0xffff_ffff]),
  ...each('tensor count', 'tensorCount', [0, 1, 20, 22, 65_537, 2 ** 31, 2 ** 32, 2n ** 53n, 2n ** 63n, max64]),
  ...each('metadata count', 'metadataCount', [0, 1, 18, 20, 65_537, 2 ** 31, 2 ** 32, 2n ** 53n, 2n ** 63n, max64]),
  ...each('key length', 'general.name.keyLength', [0, 11, 13, 65_536, 2 ** 32, 2n ** 63n, max64]),
  ...each('value type', 'general.name.type', [4, 9, 13, 255, 2 ** 31, 0xffff_ffff]),
  ...each('string length', 'general.name.length', [
    4,
    6,
    9 * 2 ** 20,
    2 ** 32,
    2n ** 53n,
    2n ** 63n,
    max64 - 7n,
    max64,
  ]),
  ...each('list type', `${tokens}.itemType`, [4, 9, 13, 0xffff_ffff]),
  ...each('token count', `${tokens}.count`, [
    0,
    1,
    268,
    270,
    2 ** 21 + 1,
    2 ** 32,
    2n ** 53n,
    2n ** 61n,
    2n ** 63n,
    max64,
  ]),
  ...each('score count', `${scores}.count`, [
    0,
    268,
    2 ** 23 + 1,
    2 ** 30,
    2n ** 53n,
    2n ** 62n,
    2n ** 62n + 269n,
    max64,
  ]),
  ...each('token type count', `${types}.count`, [0, 268, 2 ** 23 + 1, 2n ** 62n + 269n, max64]),
  ...each('length of the first token', `${tokens}.items`, [9 * 2 ** 20, 2 ** 32, 2n ** 63n, max64]),
  ...each('alignment', 'general.alignment.value', [0, 1, 4, 31, 4096, 2 ** 21, 2 ** 31, 0xffff_ffff]),
  ['alignment a real number', { 'general.alignment.type': 6 }],
  ['the same key twice', { 'general.name.key': 'general.architecture' }],
  ['a key without a name', { 'general.name.key': '' }],
  ['no architecture', { 'general.architecture.key': 'general.architect' }],
  ...each('tensor name length', `${q}.nameLength`, [0, 18, 20, 256, 2 ** 32, 2n ** 63n, max64]),
  ['the same tensor twice', { [`${q}.name`]: 'blk.0.attn_k.weight' }],
  ['a tensor without a name', { [`${q}.name`]: '' }],
  ['a tensor of no layer', { [`${q}.name`]: 'blk.7.attn_q.weight' }],
  ...each('dimensions', `${q}.rank`, [0, 1, 3, 5, 255, 0xffff_ffff]),
  ...each('first dimension', `${q}.dimension0`, [
    0,
    1,
    32,
    63,
    65,
    96,
    2 ** 32,
    2n ** 53n,
    2n ** 58n,
    2n ** 63n,
    max64,
  ]),
  ...each('second dimension', `${q}.dimension1`, [0, 1, 63, 65, 2 ** 32, 2n ** 53n, 2n ** 58n, 2n ** 63n, max64]),
  ['dimensions whose product wraps to 0', { [`${q}.dimension0`]: 2n ** 32n, [`${q}.dimension1`]: 2n ** 32n }],
  [
    'dimensions whose product wraps to itself',
    { [`${q}.dimension0`]: 2n ** 33n + 64n, [`${q}.dimension1`]: 2n ** 31n },
  ],
  ['dimensions whose product is exact but huge', { [`${q}.dimension0`]: 2 ** 20, [`${q}.dimension1`]: 2 ** 29 }],
  ...each('tensor type', `${q}.type`, [64, 256, 2 ** 31, 0xffff_ffff]),
  ['blocks that end within a row', { [`${q}.type`]: 12 }],
  ...each('offset', `${q}.offset`, [1, 31, 2 ** 40, 2 ** 52, 2n ** 53n, 2n ** 63n, max64 - 31n, max64]),
  ...each('layers', 'llama.block_count.value', [0, 1, 3, 1025, 0xffff_ffff]),
  ...each('embedding', 'llama.embedding_length.value', [0, 1, 63, 128, 2 ** 31, 0xffff_ffff]),
  ...each('heads', 'llama.attention.head_count.value', [0, 3, 5, 8, 128, 0xffff_ffff]),
  ...each('key heads', 'llama.attention.head_count_kv.value', [0, 1, 3, 8, 0xffff_ffff]),
  ...each('feed forward', 'llama.feed_forward_length.value', [0, 95, 97, 0xffff_ffff]),
  ...each('context', 'llama.context_length.value', [0, 2 ** 27 + 1, 0xffff_ffff]),
  ...each('rotated dimensions', 'llama.rope.dimension_count.value', [0, 8, 15, 32, 0xffff_ffff]),
  ...each('layers as another type', 'llama.block_count.type', [6, 7]),
  ...each('epsilon', 'llama.attention.layer_norm_rms_epsilon.value', [0, -1, 1e30]),
  [
    'epsilon that is no number',
    { 'llama.attention.layer_norm_rms_epsilon.type': 4, 'llama.attention.layer_norm_rms_epsilon.value': Number.NaN },
  ],
  ...each('rope base', 'llama.rope.freq_base.value', [0, -10_000, 1e20]),
  ['rope base infinite', { 'llama.rope.freq_base.value': Number.POSITIVE_INFINITY }],
  ['rope base not a number', { 'llama.rope.freq_base.value': Number.NaN }],
  ['Llama 3 divisors of the wrong length', { 'output.weight.name': 'rope_freqs.weight' }],
  ...each('BOS', 'tokenizer.ggml.bos_token_id.value', [smallTokens.length, 2 ** 31, 0xffff_fffe]),
  ...each('EOS', 'tokenizer.ggml.eos_token_id.value', [smallTokens.length, 2 ** 31]),
  ...each('unknown token', 'tokenizer.ggml.unknown_token_id.value', [smallTokens.length, 2 ** 31]),
  ['a score that is no number', { [`${scores}.item7`]: Number.NaN }],
  ['a byte token that names no byte', { [`${tokens}.string20`]: '<0xZZ>' }],
  ['no tokens', { [`${tokens}.key`]: 'tokenizer.ggml.tocens' }],
  ['no scores', { [`${scores}.key`]: 'tokenizer.ggml.scarce' }],
  ['no tokenizer', { 'tokenizer.ggml.model.key': 'tokenizer.ggml.modes' }],
  ['merges missing', { 'tokenizer.ggml.model.value': 'gpt2' }],
];

const unsupportedCases: (readonly [...Case, sentence: string])[] = [
  ['version 1', { version: 1 }, 'GGUF version 1 models'],
  ['version 4', { version: 4 }, 'GGUF version 4 models'],
  ['big-endian', { version: 0x0300_0000 }, 'big-endian models'],
  ['architecture', { 'general.architecture.value': 'mamba' }, 'mamba models'],
  ['architecture in control characters', { 'general.architecture.value': 'a\u202eb\n' }, 'a?b? models'],
  ['tokenizer', { 'tokenizer.ggml.model.value': 'bert' }, 'models with the tokenizer "bert"'],
  ['Q8_1', { [`${q}.type`]: 9 }, 'Q8_1 models'],
  ['MXFP4', { [`${q}.type`]: 39 }, 'MXFP4 models'],
  ['whole numbers', { [`${q}.type`]: 24 }, 'I8 models'],
  ['a number format of the future', { [`${q}.type`]: 50 }, 'ggml type 50 models'],
  ['a tensor that changes the result', { 'output.weight.name': 'strange' }, 'models with the tensor strange'],
  ['bias', { 'blk.0.attn_norm.weight.name': 'blk.0.attn_q.bias' }, 'models with biases (blk.0.attn_q.bias)'],
  ['experts', { 'blk.1.ffn_up.weight.name': 'blk.1.ffn_up_exps.weight' }, 'mixture-of-experts models'],
];

/** Counts what is asked of it. */
function counting(bytes: Uint8Array, size: number) {
  const seen = { bytes: 0 };
  const source: ByteSource = {
    size,
    async read(offset, length) {
      if (offset + length > size) throw new Error(`read beyond the end: ${offset} + ${length}`);
      seen.bytes += length;
      const out = new Uint8Array(length);
      out.set(bytes.subarray(offset, offset + length));
      return out;
    },
  };
  return { source, seen };
}

async function refusal(bytes: Uint8Array, size = bytes.length) {
  const { source, seen } = counting(bytes, size);
  const error = await openModel(source).then(
    () => undefined,
    (reason: unknown) => reason as Error,
  );
  return { error, read: seen.bytes };
}

describe('a header that lies', () => {
  test('opens when it does not lie', async () => {
    const bytes = lyingGguf();
    expect(await refusal(bytes)).toMatchObject({ error: undefined });
    expect(await refusal(bytes, 40e9)).toMatchObject({ error: undefined });
  });

  test('is tried in more than 100 ways, none twice', () => {
    const names = [...damagedCases, ...unsupportedCases].map(([name]) => name);
    expect(names.length).toBeGreaterThan(150);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(damagedCases)(
    '%s',
    async (_, lies) => {
      const bytes = lyingGguf(lies);
      for (const size of [bytes.length, 40e9]) {
        const { error, read } = await refusal(bytes, size);
        expect(error).toMatchObject({ name: 'EngineError', kind: 'damaged-model' });
        expect(error!.message).toMatch(
          /^(This model file is damaged: .+|The model file is incomplete \(.+\))\. Download it again\.$/,
        );
        expect(read).toBeLessThan(64 * 2 ** 20 + 8 * 2 ** 20);
      }
    },
    10_000,
  );

  test.each(unsupportedCases)('%s is named', async (_, lies, what) => {
    const { error } = await refusal(lyingGguf(lies));
    expect(error).toMatchObject({ kind: 'unsupported-model', message: `This app cannot run ${what} yet.` });
  });

  test.each([...ggmlTypes].filter(([, { name }]) => !isComputed(name)).map(([id, { name }]) => [name, id] as const))(
    'a matrix in %s is refused by the name of its format',
    async (name, id) => {
      // Rows of 256 numbers: a whole number of blocks in every format.
      const sizes = { layers: 1, embedding: 256, heads: 4, kvHeads: 2, headDim: 64, feedForward: 256, vocabulary: 300 };
      const bytes = syntheticModel({ ...sizes, context: 128 }, { type: 'F32', hollow: true });
      const key = new TextEncoder().encode('blk.0.ffn_up.weight');
      const at = bytes.findIndex((_, i) => key.every((byte, k) => bytes[i + k] === byte));
      // Behind the name: the number of dimensions, two dimensions, the type.
      new DataView(bytes.buffer).setUint32(at + key.length + 4 + 16, id, true);
      const { error } = await refusal(bytes, 40e9);
      expect(error).toMatchObject({ kind: 'unsupported-model', message: `This app cannot run ${name} models yet.` });
    },
  );

  test('memory stays below 256 MiB whatever is claimed', async () => {
    let [most, slowest] = [0, 0];
    for (const [, lies] of damagedCases) {
      const before = process.memoryUsage();
      const started = performance.now();
      await refusal(lyingGguf(lies), 40e9);
      slowest = Math.max(slowest, performance.now() - started);
      const after = process.memoryUsage();
      most = Math.max(most, after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers);
    }
    expect(most).toBeLessThan(256 * 2 ** 20);
    if (process.env.LONGLEAF_LONG_TESTS) {
      const mebibytes = (most / 2 ** 20).toFixed(1);
      console.log(`${damagedCases.length} lies: slowest ${slowest.toFixed(0)} ms, most memory ${mebibytes} MiB`);
    }
  }, 60_000);
});
