// The number formats of weights as parts of shaders: `weight(row, k, k4)` and its bindings.
import type { ComputedType } from '../gguf/ggml-types.ts';
import type { WeightBlock } from '../runtime/tensor.ts';
import f16 from './weight-f16.wgsl?raw';
import f32 from './weight-f32.wgsl?raw';
import q8_0 from './weight-q8_0.wgsl?raw';

export const weightShaders: Readonly<Record<ComputedType, string>> = { F32: f32, F16: f16, Q8_0: q8_0 };

export const weightBindings = ({ weights, scales }: WeightBlock): Record<string, GPUBuffer> =>
  scales ? { weights, scales } : { weights };
