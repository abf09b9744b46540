// The process in which llama.cpp's Vulkan backend is timed: a job in an argument, one line of JSON out (see llama-cpp.ts).
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const { modules, model: path, lengths, decode, seed } = JSON.parse(process.argv[2]);
process.env.NODE_LLAMA_CPP_SKIP_DOWNLOAD = 'true';
const entry = createRequire(`${modules}/`).resolve('node-llama-cpp');
const { getLlama } = await import(pathToFileURL(entry).href);
const llama = await getLlama({
  gpu: 'vulkan',
  build: 'never',
  usePrebuiltBinaries: true,
  skipDownload: true,
  existingPrebuiltBinaryMustMatchBuildOptions: false,
  progressLogs: false,
  vramPadding: 0,
  ramPadding: 0,
  logLevel: 'error',
  logger: (_, message) => process.stderr.write(`${message}\n`),
});
const devices = await llama.getGpuDeviceNames();
// Without a device llama.cpp would compute on the processor and not say so.
if (llama.gpu !== 'vulkan' || devices.length === 0) throw new Error('llama.cpp found no Vulkan device');
const model = await llama.loadModel({ modelPath: path, gpuLayers: 999, ignoreMemorySafetyChecks: true });
const longest = Math.max(...lengths) + decode + 8;
const context = await model.createContext({
  contextSize: Math.ceil(longest / 256) * 256,
  batchSize: 512,
  threads: 2,
  flashAttention: true,
  ignoreMemorySafetyChecks: true,
});

/** Milliseconds: by the clock, and of the processor's cores. */
function now() {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), work: (user + system) / 1000 };
}

async function run(length) {
  const sequence = context.getSequence({ checkpoints: { max: 0, interval: false } });
  const ids = Array.from({ length }, (_, i) => 300 + ((i * 7919 + seed) % 3000));
  const started = now();
  const results = await sequence.controlledEvaluate(
    ids.map((id, i) => (i === length - 1 ? [id, { generateNext: { token: true } }] : id)),
  );
  const prefilled = now();
  let generated = 0;
  for await (const _ of sequence.evaluate([results[length - 1].next.token], { temperature: 0, yieldEogToken: true })) {
    if (++generated === decode) break;
  }
  const ended = now();
  sequence.dispose();
  const each = (from, to, count) => ({ wall: (to.wall - from.wall) / count, work: (to.work - from.work) / count });
  return { length, prefill: each(started, prefilled, length), decode: each(prefilled, ended, decode) };
}

const results = [];
for (const length of lengths) {
  // Once unmeasured: a shape that is new is compiled, for minutes on a software driver.
  await run(length);
  results.push(await run(length));
}
process.stdout.write(`${JSON.stringify({ device: devices.join(), results })}\n`);
await llama.dispose();
process.exit(0);
