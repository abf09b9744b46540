// `npm run verify -- [words]`: compares the engine with other implementations and prints a table. Slow and thorough, so not a part of
// `npm test`. Words choose the checks whose names hold one of them.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

await runnerImport(fileURLToPath(new URL('verify.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'warn',
});
