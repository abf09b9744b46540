// The process in which llama.cpp runs: a job in a JSON file in, bytes in a file out (see llama-cpp.ts).
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
process.env.NODE_LLAMA_CPP_SKIP_DOWNLOAD = 'true';
const entry = createRequire(`${job.modules}/`).resolve('node-llama-cpp');
const { getLlama } = await import(pathToFileURL(entry).href);
const llama = await getLlama({
  gpu: false,
  build: 'never',
  usePrebuiltBinaries: true,
  skipDownload: true,
  existingPrebuiltBinaryMustMatchBuildOptions: false,
  progressLogs: false,
  logLevel: 'error',
  logger: (_, message) => process.stderr.write(`${message}\n`),
});
const model = await llama.loadModel({
  modelPath: job.model,
  gpuLayers: 0,
  vocabOnly: job.task === 'tokenize',
  ignoreMemorySafetyChecks: true,
  metadataOverrides: job.overrides,
});
if (job.task === 'tokenize') {
  writeFileSync(job.out, JSON.stringify(job.texts.map((text) => Array.from(model.tokenize(text, job.special)))));
} else {
  const kvType = job.kvType ?? 'F32';
  const context = await model.createContext({
    contextSize: Math.ceil((job.ids.length + 1) / 256) * 256,
    batchSize: 512,
    // More would wait for one another by spinning, which takes ages on a machine with other work.
    threads: 1,
    flashAttention: false,
    swaFullCache: true,
    ignoreMemorySafetyChecks: true,
    experimentalKvCacheKeyType: kvType,
    experimentalKvCacheValueType: kvType,
  });
  const sequence = context.getSequence({ checkpoints: { max: 0, interval: false } });
  const rows = new Map((job.positions ?? [...job.ids.keys()]).map((position, row) => [position, row]));
  let all;
  await sequence.controlledEvaluate(
    job.ids.map((id, i) => (rows.has(i) ? [id, { generateNext: { logits: true } }] : id)),
    {
      onTokenResult(i, { next }) {
        all ??= new Float32Array(rows.size * next.logits.size);
        for (const [id, logit] of next.logits) all[rows.get(i) * next.logits.size + id] = logit;
      },
    },
  );
  writeFileSync(job.out, new Uint8Array(all.buffer));
}
await llama.dispose();
process.exit(0);
