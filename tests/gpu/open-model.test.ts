import { describe, expect, test } from 'vitest';
import type { ByteSource } from '../../gpu/api.ts';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { openModel } from '../../gpu/open-model.ts';
import { fixture } from './fixtures.ts';
import { smallLlama, smallTokens } from './gguf/small-llama.ts';
import { typed, type WriteValue } from './gguf/write-gguf.ts';
import {
  type Architecture,
  architectures,
  deepShape,
  type SyntheticOptions,
  syntheticModel,
} from './synthetic-model.ts';

type Metadata = Readonly<Record<string, WriteValue | undefined>>;

const open = (metadata?: Metadata, tensors?: Parameters<typeof smallLlama>[1]) =>
  openModel(bytesSource(smallLlama(metadata, tensors)));
const scaling = async (metadata: Metadata) => (await open(metadata)).config.ropes[0].scaling;
const f32 = (value: number) => typed('f32', value);

describe('openModel', () => {
  test('describes a model', async () => {
    const { info, config, tokenizer } = await open();
    expect(info).toEqual({
      name: 'small',
      architecture: 'llama',
      parameters: 96_192,
      types: { F32: 5, Q8_0: 16 },
      trainedContext: 128,
      rope: { type: 'none', factor: 1, base: 10_000 },
      vocabularySize: smallTokens.length,
      layers: 2,
    });
    expect(config).toEqual({
      architecture: 'llama',
      layers: 2,
      embedding: 64,
      heads: 4,
      kvHeads: 2,
      headDim: 16,
      feedForward: 96,
      vocabulary: smallTokens.length,
      contextLength: 128,
      normEpsilon: Math.fround(1e-5),
      ropes: [{ dimensions: 16, base: 10_000, scaling: { type: 'none', factor: 1, originalContext: 128 } }],
      tied: false,
    });
    expect(tokenizer.decode(tokenizer.encode('abc ab'))).toBe('abc ab');
  });

  test('needs nothing of the weights', async () => {
    const bytes = smallLlama();
    const { header } = await openModel(bytesSource(bytes));
    const start = Math.min(...[...header.tensors.values()].map((tensor) => tensor.offset));
    // Zeros in place of the weights.
    const far: ByteSource = {
      size: bytes.length,
      read: async (offset, length) => {
        const piece = new Uint8Array(length);
        piece.set(bytes.subarray(offset, Math.min(start, offset + length)));
        return piece;
      },
    };
    expect((await openModel(far)).info.layers).toBe(2);
  });

  test('allows tied embeddings, equal key heads and a head size of its own', async () => {
    expect((await open({}, { 'output.weight': undefined })).config.tied).toBe(true);
    const sizes = {
      'llama.attention.key_length': 32,
      'llama.attention.value_length': 32,
      'llama.rope.dimension_count': 32,
    };
    const weight = (columns: number, rows: number) => ({
      dimensions: [columns, rows],
      values: new Float32Array(columns * rows),
    });
    const wide = Object.fromEntries(
      [0, 1].flatMap((layer) => [
        [`blk.${layer}.attn_q.weight`, weight(64, 128)],
        [`blk.${layer}.attn_k.weight`, weight(64, 64)],
        [`blk.${layer}.attn_v.weight`, weight(64, 64)],
        [`blk.${layer}.attn_output.weight`, weight(128, 64)],
      ]),
    );
    expect((await open(sizes, wide)).config).toMatchObject({
      headDim: 32,
      ropes: [{ dimensions: 32 }],
      heads: 4,
      kvHeads: 2,
    });
  });

  test('reads Position Interpolation as converters wrote it through the years', async () => {
    const context = { 'llama.context_length': 4096 };
    const linear = { type: 'linear', factor: 8, originalContext: 512 };
    expect(await scaling({ ...context, 'llama.rope.scale_linear': f32(8) })).toEqual(linear);
    expect(await scaling({ ...context, 'llama.rope.scaling.factor': f32(8) })).toEqual(linear);
    const named = { ...context, 'llama.rope.scaling.type': 'linear', 'llama.rope.scaling.factor': f32(8) };
    expect(await scaling(named)).toEqual(linear);
    const original = { ...named, 'llama.rope.scaling.original_context_length': 2048 };
    expect(await scaling(original)).toEqual({ ...linear, originalContext: 2048 });
    const { info } = await open(original);
    expect([info.trainedContext, info.rope]).toEqual([2048, { type: 'linear', factor: 8, base: 10_000 }]);
  });

  test.each<[name: string, metadata: Metadata]>([
    ['named none', { 'llama.rope.scaling.type': 'none', 'llama.rope.scaling.factor': f32(8) }],
    ['factor 0', { 'llama.rope.scaling.type': 'linear', 'llama.rope.scaling.factor': f32(0) }],
    ['factor 1', { 'llama.rope.scaling.factor': f32(1) }],
    ['not finetuned', { 'llama.rope.scaling.factor': f32(8), 'llama.rope.scaling.finetuned': false }],
  ])('no scaling: %s', async (_, metadata) => {
    expect(await scaling(metadata)).toMatchObject({ type: 'none', factor: 1, originalContext: 128 });
  });

  test.each<[sentence: string, metadata: Metadata]>([
    ['dynamic-scaled models', { 'llama.rope.scaling.type': 'dynamic', 'llama.rope.scaling.factor': f32(4) }],
    ['qwen3moe models', { 'general.architecture': 'qwen3moe' }],
    ['models with llama.attention.scale', { 'llama.attention.scale': f32(0.5) }],
    ['models with llama.logit_scale', { 'llama.logit_scale': f32(8) }],
    ['models with llama.final_logit_softcapping', { 'llama.final_logit_softcapping': f32(30) }],
    ['dictionary models', { 'general.type': 'dictionary' }],
    ['mixture-of-experts models', { 'llama.expert_count': 8 }],
    ['embedding models', { 'llama.attention.causal': false }],
    [
      'models with a different llama.attention.head_count_kv in every layer',
      { 'llama.attention.head_count_kv': [2, 4] },
    ],
    ['models with key and value heads of different sizes', { 'llama.attention.value_length': 8 }],
    [
      'models with the pre-tokenizer "kimi-k2"',
      { 'tokenizer.ggml.model': 'gpt2', 'tokenizer.ggml.pre': 'kimi-k2', 'tokenizer.ggml.merges': ['a b'] },
    ],
  ])('refuses %s by name', async (what, metadata) => {
    await expect(open(metadata)).rejects.toMatchObject({
      kind: 'unsupported-model',
      message: `This app cannot run ${what} yet.`,
    });
  });

  test.each<[sentence: RegExp, metadata: Metadata]>([
    [/^This file is the part of a model that sees pictures \(mmproj\)/, { 'general.type': 'mmproj' }],
    [/^This file is the part of a model that sees pictures/, { 'general.architecture': 'clip' }],
    [/^This file is an adapter \(LoRA\)/, { 'general.type': 'adapter' }],
    [/^This file holds measurements .* \(imatrix\)/, { 'general.type': 'imatrix', 'general.architecture': undefined }],
  ])('says what a file is that belongs to a model: %s', async (message, metadata) => {
    await expect(open(metadata)).rejects.toMatchObject({
      kind: 'unsupported-model',
      message: expect.stringMatching(message),
    });
  });

  test.each<[field: string, metadata: Metadata]>([
    ['llama.block_count is missing', { 'llama.block_count': undefined }],
    ['llama.attention.head_count is 0', { 'llama.attention.head_count': 0 }],
    ['llama.block_count is 0', { 'llama.block_count': 0 }],
    ['llama.embedding_length is 64.5', { 'llama.embedding_length': f32(64.5) }],
    ['llama.context_length is many', { 'llama.context_length': 'many' }],
    ['llama.rope.scaling.factor is -4', { 'llama.rope.scaling.factor': f32(-4) }],
    ['llama.rope.scaling.factor is NaN', { 'llama.rope.scaling.factor': f32(Number.NaN) }],
    ['llama.vocab_size is 32000 but the tokenizer has 269 tokens', { 'llama.vocab_size': 32_000 }],
    ['tokenizer.ggml.bos_token_id is 269, beyond the vocabulary of 269', { 'tokenizer.ggml.bos_token_id': 269 }],
    ['llama.attention.layer_norm_rms_epsilon is missing', { 'llama.attention.layer_norm_rms_epsilon': undefined }],
  ])('refuses a file where %s', async (field, metadata) => {
    await expect(open(metadata)).rejects.toMatchObject({
      kind: 'damaged-model',
      message: `This model file is damaged: ${field}. Download it again.`,
    });
  });

  describe('families', () => {
    const family = (architecture: Architecture, options: Omit<SyntheticOptions, 'architecture'> = {}) =>
      openModel(bytesSource(syntheticModel(deepShape, { architecture, ...options })));

    test.each(architectures)('%s opens and says what it is', async (architecture) => {
      expect((await family(architecture)).info).toMatchObject({ architecture, layers: 6, trainedContext: 256 });
    });

    test('gemma3 has local layers and a second rotation, which its factor does not concern', async () => {
      const { config, info } = await family('gemma3', { ropeFactor: 8 });
      expect(config.slidingWindow).toEqual({ tokens: 24, isLocal: [true, true, true, true, true, false] });
      expect(config.ropes[1]).toMatchObject({ base: 10_000, fixed: true, scaling: { type: 'none' } });
      expect(info.rope).toEqual({ type: 'linear', factor: 8, base: 10_000 });
    });

    test('phi3 has LongRoPE by its tensors, named or not, and was trained for its whole window', async () => {
      const list = Array.from({ length: deepShape.headDim / 2 }, () => 2);
      const metadata = { context_length: 4096, 'rope.scaling.original_context_length': 256 };
      const { config, info } = await family('phi3', { divisors: { short: list, long: list }, metadata });
      expect(info).toMatchObject({ trainedContext: 4096, rope: { type: 'longrope', factor: 1 } });
      expect(config.ropes[0].scaling.attentionFactor).toBeCloseTo(Math.sqrt(1 + Math.log(16) / Math.log(256)), 12);
      expect(config.ropes[0].divisors).toEqual({
        tensor: 'rope_factors_short.weight',
        beyond: { tokens: 256, tensor: 'rope_factors_long.weight' },
      });
    });

    test.each<[what: string, architecture: Architecture, options: SyntheticOptions, message: string]>([
      ['a window of no layer', 'gemma3', { metadata: { 'attention.sliding_window': 0 } }, 'sliding_window is 0'],
      ['divisors that are too few', 'llama', { divisors: { freqs: [1, 2] } }, 'rope_freqs.weight is 2 instead of 8'],
      [
        'one of two lists',
        'phi3',
        { divisors: { short: [1, 1, 1, 1, 1, 1, 1, 1] } },
        'rope_factors_long.weight is missing',
      ],
      ['more rotated than a head has', 'phi3', { metadata: { 'rope.dimension_count': 18 } }, 'dimension_count is 18'],
      ['an odd part rotated', 'phi3', { metadata: { 'rope.dimension_count': 7 } }, 'dimension_count is 7'],
    ])('%s is damage', async (_, architecture, options, message) => {
      const opening = family(architecture, options);
      await expect(opening).rejects.toMatchObject({ kind: 'damaged-model', message: expect.stringContaining(message) });
    });

    test('what llama has not is no llama', async () => {
      const bytes = syntheticModel(deepShape, { architecture: 'qwen2' });
      // The same file under another family's name is refused for its keys before its tensors are looked at.
      const at = new TextDecoder('latin1').decode(bytes).indexOf('qwen2');
      bytes.set(new TextEncoder().encode('llama'), at);
      await expect(openModel(bytesSource(bytes))).rejects.toMatchObject({ kind: 'damaged-model' });
    });
  });

  test('refuses missing and misshapen tensors by name', async () => {
    await expect(open({}, { 'blk.1.ffn_up.weight': undefined })).rejects.toThrow(
      'This model file is damaged: the tensor blk.1.ffn_up.weight is missing. Download it again.',
    );
    const swapped = { dimensions: [96, 64] };
    await expect(open({}, { 'blk.1.ffn_up.weight': swapped })).rejects.toThrow(
      'blk.1.ffn_up.weight is 96 x 64 instead of 64 x 96',
    );
  });

  test('refuses a vocabulary without weights', async ({ skip }) => {
    const bytes = fixture('vocabs/ggml-vocab-llama-spm.gguf');
    if (!bytes) return skip('../shared/fixtures is not beside the repository');
    await expect(openModel(bytesSource(bytes))).rejects.toThrow('it holds a vocabulary but no weights');
  });

  test('opens a real model', async ({ skip }) => {
    const bytes = fixture('vocabs/stories260K.gguf');
    if (!bytes) return skip('../shared/fixtures is not beside the repository');
    const { info } = await openModel(bytesSource(bytes));
    expect(info).toMatchObject({ layers: 5, vocabularySize: 512, trainedContext: 512, types: { F32: 48 } });
  });
});
