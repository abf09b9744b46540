// Measures the engine on the adapter that is here. Figures are wall-clock; on a software adapter they are worth something only while
// nothing else runs. What was found is written down in RESULTS.md.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { isComputed } from '../../gpu/gguf/ggml-types.ts';
import { createEngine, type Engine, openModel } from '../../gpu/index.ts';
import { findGpu } from '../../main/hosts/terminal/adapter.ts';
import { embeddedShape, seeded, syntheticModel } from '../gpu/synthetic-model.ts';
import { benchAlignment } from './alignment.ts';
import { benchAnswers } from './answers.ts';
import { benchCoverage } from './coverage.ts';
import { benchKernels, workerTime } from './kernels.ts';
import { benchLlamaCpp } from './llama-cpp.ts';
import { benchOnnxRuntime } from './onnxruntime.ts';
import { benchPointedAnswers } from './pointed-weights.ts';
import { benchReplies } from './replies.ts';
import { benchRuntime } from './runtime.ts';
import { benchSummariesByWords } from './summaries.ts';
import { benchText } from './text.ts';
import { benchWindow } from './window.ts';

/** Seconds by the clock, and what two free cores would have taken: the time that the adapter's threads worked, halved. */
async function timed(run: () => Promise<unknown>): Promise<{ wall: number; work: number }> {
  const [from, worked] = [performance.now(), workerTime()];
  await run();
  return { wall: (performance.now() - from) / 1000, work: (workerTime() - worked) / 2000 };
}

const shown = ({ wall, work }: { wall: number; work: number }, tokens: number) =>
  `${wall.toFixed(2)} s, ${(tokens / wall).toFixed(1)} tokens/s (two free cores: ${work.toFixed(2)} s, ${(tokens / work).toFixed(1)} tokens/s)`;

async function benchEngine(gpu: GPU, path: string | undefined): Promise<void> {
  const bytes = path ? readFileSync(path) : syntheticModel(embeddedShape, { type: 'Q8_0', ropeFactor: 16 });
  const model = await openModel(bytesSource(new Uint8Array(bytes)));
  let engine!: Engine;
  const load = await timed(async () => {
    engine = await createEngine(gpu, model, { contextLength: 8192 });
  });
  console.log(`${model.info.name} on ${engine.adapter.name}: loaded in ${load.wall.toFixed(1)} s`);
  const next = seeded(7);
  const { vocabularySize } = model.info;
  const ids = Array.from({ length: 4096 }, () => 3 + Math.floor(((next() + 1) / 2) * (vocabularySize - 3)));
  for (const [from, length] of [
    [0, 512],
    [512, 2048],
    [2048, 4096],
  ]) {
    const took = await timed(() => engine.prefill(ids.slice(0, length)));
    console.log(`prefill ${from} to ${length}: ${shown(took, length - from)}`);
  }
  const continuations = Array.from({ length: 60 }, (_, i) => ids.slice(30 * i, 30 * (i + 1)));
  console.log(`logprobs of 60 x 30 after 4096: ${shown(await timed(() => engine.logprobs(ids, continuations)), 1800)}`);
  const decode = await timed(async () => {
    for await (const _ of engine.generate(ids, { maxTokens: 16, stop: [] }));
  });
  console.log(`decode after 4096: ${shown(decode, 16)}`);
  engine.dispose();
}

const [what = 'all', path, set] = process.argv.slice(2);
if (what === 'ort') {
  await benchOnnxRuntime(path);
  process.exit(0);
}
if (what === 'window') {
  await benchWindow(path);
  process.exit(0);
}
if (what === 'text') {
  await benchText(path, Number(set ?? 100));
  process.exit(0);
}
const embedded = fileURLToPath(new URL('../../assets/models/longleaf-sprig-q8_0.gguf', import.meta.url));
const found = await findGpu({ adapter: process.env.LONGLEAF_TEST_ADAPTER ?? 'auto' });
if (what === 'all' || what === 'kernels') await benchKernels(found.gpu);
if (what === 'all' || what === 'engine') await benchEngine(found.gpu, path);
if (what === 'all' || what === 'runtime') await benchRuntime(found.gpu, path || embedded);
if (what === 'replies' && (!set || set === 'align')) benchAlignment();
if (what === 'replies' && (!set || set === 'words')) {
  benchSummariesByWords();
  await benchCoverage();
  benchAnswers();
}
if (what === 'replies' && (!set || set === 'answers')) await benchPointedAnswers(found.gpu, path || embedded);
if (what === 'replies' && !['align', 'words', 'answers'].includes(set))
  await benchReplies(found.gpu, path || embedded, set);
if (what === 'llamacpp') {
  const types = process.argv.slice(3).filter(isComputed);
  await benchLlamaCpp(found.gpu, types.length > 0 ? types : ['F32', 'F16', 'Q8_0', 'Q4_0']);
}
found.release();
