// `npm run bench -- [kernels|engine|runtime|replies] [model.gguf] [set]`: loads the TypeScript of this folder as vite builds the app, shaders
// included. Sets of `replies`: scitldr, selqa, openstax, squad; all when absent.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

await runnerImport(fileURLToPath(new URL('bench.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'warn',
});
