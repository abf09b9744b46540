// `npm run bench -- [kernels|engine] [model.gguf]`: loads the TypeScript of this folder as vite builds the app, shaders included.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

await runnerImport(fileURLToPath(new URL('bench.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'warn',
});
