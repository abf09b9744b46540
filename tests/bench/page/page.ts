// Runs one of the operators, by onnxruntime-web or by our kernels, on the browser's adapter. Times go from the call to the result
// in the page's memory, for both.
import { openDevice } from '../../../gpu/runtime/device.ts';
import { Recorder } from '../../../gpu/runtime/recorder.ts';
import { Arena } from '../../../gpu/runtime/tensor.ts';
import { operators } from './operators.ts';

export interface Timed {
  /** Milliseconds of each run. */
  times: number[];
  /** Every so many-th number of the result. */
  sample: number[];
}

const stride = 997;
const warmups = 2;

/** What the page was prepared for. */
let run: () => Promise<Float32Array>;

async function timed(runs: number): Promise<Timed> {
  const times: number[] = [];
  let result: Float32Array = new Float32Array();
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    result = await run();
    times.push(performance.now() - started);
  }
  return { times, sample: [...result].filter((_, i) => i % stride === 0) };
}

interface OrtTensor {
  getData(): Promise<Float32Array>;
}

interface Ort {
  env: { wasm: { wasmPaths: string; numThreads: number }; logLevel: string };
  Tensor: new (type: 'float32', values: Float32Array, shape: number[]) => OrtTensor;
  InferenceSession: {
    create(
      model: Uint8Array,
      options: object,
    ): Promise<{ run(feeds: object, outputs: string[]): Promise<Record<string, OrtTensor>>; outputNames: string[] }>;
  };
}

async function byOnnxRuntime(index: number): Promise<void> {
  const url = `${location.origin}/ort/`;
  const ort: Ort = await import(/* @vite-ignore */ `${url}ort.webgpu.min.mjs`);
  ort.env.wasm.wasmPaths = url;
  ort.env.wasm.numThreads = 2;
  const { model, inputs } = operators[index].onnx();
  const session = await ort.InferenceSession.create(model, { executionProviders: ['webgpu'] });
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, values }]) => [name, new ort.Tensor('float32', values, shape)]),
  );
  const [output] = session.outputNames;
  run = async () => (await session.run(feeds, [output]))[output].getData();
  await timed(warmups);
}

async function byLongleaf(index: number): Promise<void> {
  const device = await openDevice(navigator.gpu);
  const r = new Recorder(device, 2 ** 23);
  const record = await operators[index].ours(r, new Arena(device.gpu));
  run = async () => {
    const { y, size } = record();
    return new Float32Array(await r.result(y.buffer, 4 * size));
  };
  await timed(warmups);
}

Object.assign(window, { byOnnxRuntime, byLongleaf, timed });
