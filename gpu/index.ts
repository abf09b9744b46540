// The engine's public names.
export * from './api.ts';
export { createEngine } from './engine.ts';
export { type OpenModel, openModel } from './open-model.ts';
export { adapterInfoOf } from './runtime/adapter.ts';
