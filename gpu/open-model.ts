// From a model file to a checked description of it: header, shape, tokenizer. No weight is read; whatever cannot be run is refused
// here, by name.
import type { ByteSource, Model, ModelInfo } from './api.ts';
import type { GgufHeader } from './gguf/header.ts';
import { readHeader } from './gguf/read-header.ts';
import { damaged, shown } from './gguf/refusals.ts';
import { architectureOf, type ModelConfig } from './model/config.ts';
import { familyOf } from './model/families.ts';
import type { Family } from './model/family.ts';
import { expectTensors } from './model/tensor-list.ts';
import { createTokenizer, type ModelTokenizer } from './tokenizer/tokenizer.ts';

export interface OpenModel extends Model {
  readonly tokenizer: ModelTokenizer;
  readonly source: ByteSource;
  readonly header: GgufHeader;
  readonly family: Family;
  readonly config: ModelConfig;
}

/**
 * Throws EngineError 'not-a-model', 'damaged-model' (also a file that ends too early) or 'unsupported-model' (architecture, number
 * format, rope scaling or tokenizer that is not known, by its name).
 */
export async function openModel(source: ByteSource): Promise<OpenModel> {
  const header = await readHeader(source);
  const family = familyOf(architectureOf(header.metadata));
  if (header.tensors.size === 0) throw damaged('it holds a vocabulary but no weights');
  const tokenizer = createTokenizer(header.metadata);
  const config = family.readConfig(header, tokenizer.vocabularySize);
  expectTensors(header, config, (layer) => family.block(config, layer));
  return { source, header, family, config, tokenizer, info: describe(header, config) };
}

function describe(header: GgufHeader, config: ModelConfig): ModelInfo {
  const name = header.metadata.get('general.name');
  const types: Record<string, number> = {};
  let parameters = 0;
  for (const tensor of header.tensors.values()) {
    types[tensor.type] = (types[tensor.type] ?? 0) + 1;
    parameters += tensor.dimensions.reduce((product, dimension) => product * dimension, 1);
  }
  const { base, scaling } = config.ropes[0];
  return {
    name: typeof name === 'string' && name.trim() ? shown(name.trim()) : 'Unnamed model',
    architecture: config.architecture,
    parameters,
    types,
    // LongRoPE was trained for all of its window.
    trainedContext: scaling.type === 'longrope' ? config.contextLength : scaling.originalContext,
    rope: { type: scaling.type, factor: scaling.factor, base },
    vocabularySize: config.vocabulary,
    layers: config.layers,
  };
}
