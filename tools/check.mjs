// `npm run check`: types in every environment, then lint and format. `npm run check -- --fix` also repairs what can be repaired.
import { spawn } from 'node:child_process';

const environments = ['gpu', 'reading', 'main/common', 'main', 'main/hosts/terminal', 'renderer', 'tests'];

const run = (command, args) =>
  new Promise((done) =>
    spawn(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).on('exit', (code) =>
      done(code ?? 1),
    ),
  );

let failed = 0;
for (const folder of environments) failed |= await run('npx', ['--no-install', 'tsc', '-p', folder]);
failed |= await run('npx', [
  '--no-install',
  'biome',
  'check',
  '--error-on-warnings',
  ...(process.argv.includes('--fix') ? ['--write'] : []),
  '.',
]);
process.exit(failed ? 1 : 0);
