// `npm run check`: types in every environment, then lint and format; a line for each, and what is wrong under it.
// `npm run check -- --fix` also repairs what can be repaired.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const environments = ['gpu', 'reading', 'main/common', 'main', 'main/hosts/terminal', 'renderer', 'tests'];
const packageFolder = (name) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
const tsc = join(packageFolder('typescript'), 'bin', 'tsc');
const biome = join(packageFolder('@biomejs/biome'), 'bin', 'biome');

/** Resolves to whether all was well, once that was said. */
const check = (name, script, args) =>
  new Promise((done) => {
    const started = Date.now();
    const child = spawn(process.execPath, [script, ...args], { cwd: root });
    const heard = [];
    child.stdout.on('data', (data) => heard.push(data));
    child.stderr.on('data', (data) => heard.push(data));
    child.on('close', (code) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      console.log(`${code === 0 ? 'ok    ' : 'WRONG '} ${name} (${seconds} s)`);
      if (code !== 0) console.log(Buffer.concat(heard).toString());
      done(code === 0);
    });
  });

const write = process.argv.includes('--fix') ? ['--write'] : [];
const results = [await check('lint and format', biome, ['check', '--error-on-warnings', ...write, '.'])];
for (const folder of environments) results.push(await check(`types of ${folder}`, tsc, ['-p', folder]));
const wrong = results.filter((well) => !well).length;
console.log(wrong === 0 ? 'All is well.' : `${wrong} of ${results.length} went wrong.`);
process.exit(wrong === 0 ? 0 : 1);
