// Measures the engine on the adapter that is here. Figures are wall-clock; on a software adapter they are worth something only while
// nothing else runs. What was found is written down in RESULTS.md.
import { readFileSync } from 'node:fs';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { createEngine, openModel } from '../../gpu/index.ts';
import { findGpu } from '../../main/hosts/terminal/adapter.ts';
import { embeddedShape, seeded, syntheticModel } from '../gpu/synthetic-model.ts';
import { benchKernels } from './kernels.ts';

const seconds = (since: number) => (performance.now() - since) / 1000;

async function benchEngine(gpu: GPU, path: string | undefined): Promise<void> {
  const started = performance.now();
  const bytes = path ? readFileSync(path) : syntheticModel(embeddedShape, { type: 'Q8_0', ropeFactor: 16 });
  const model = await openModel(bytesSource(new Uint8Array(bytes)));
  const opened = performance.now();
  const engine = await createEngine(gpu, model, { contextLength: 8192 });
  console.log(
    `${model.info.name} on ${engine.adapter.name}: opened in ${((opened - started) / 1000).toFixed(1)} s, loaded in ${seconds(opened).toFixed(1)} s`,
  );
  const next = seeded(7);
  const ids = Array.from({ length: 4096 }, () => 3 + Math.floor(((next() + 1) / 2) * (model.info.vocabularySize - 3)));
  for (const length of [512, 2048, 4096]) {
    const from = performance.now();
    const { computed } = await engine.prefill(ids.slice(0, length));
    const took = seconds(from);
    console.log(
      `prefill to ${length}: ${computed} tokens in ${took.toFixed(2)} s, ${(computed / took).toFixed(0)} tokens/s`,
    );
  }
  const continuations = Array.from({ length: 60 }, (_, i) => ids.slice(30 * i, 30 * (i + 1)));
  let from = performance.now();
  await engine.logprobs(ids, continuations);
  console.log(`logprobs of 60 x 30 tokens after 4096: ${seconds(from).toFixed(2)} s`);
  from = performance.now();
  let count = 0;
  for await (const _ of engine.generate(ids, { maxTokens: 16, stop: [] })) count++;
  console.log(`decode after 4096: ${(count / seconds(from)).toFixed(1)} tokens/s`);
  engine.dispose();
}

const [what = 'all', path] = process.argv.slice(2);
const found = await findGpu();
if (what !== 'engine') await benchKernels(found.gpu);
if (what !== 'kernels') await benchEngine(found.gpu, path);
found.release();
