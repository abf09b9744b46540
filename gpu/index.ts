// The engine's public names.
export * from './api.ts';
export { createEngine } from './engine.ts';
export { joinParts } from './gguf/parts.ts';
export {
  bytesFor,
  type CardRoom,
  factsOf,
  fitOf,
  type LookedAt,
  lookAt,
  type ModelFacts,
  measureRoom,
} from './model-facts.ts';
export { type OpenModel, openModel } from './open-model.ts';
export { rotaryReport } from './rotary-report.ts';
export { adapterInfoOf } from './runtime/adapter.ts';
