// What the engine promises of a window: however it was filled, saved or stretched, the same logits; and a full one of 32,768 tokens.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { createEngine, type Engine, type LoadOptions, openModel } from '../../gpu/index.ts';
import { allocateModel, fillModel } from '../../gpu/model/load.ts';
import { defaultKvType, sizesFor } from '../../gpu/model/memory.ts';
import { continuing, type Pass, runPass } from '../../gpu/model/pass.ts';
import type { Device } from '../../gpu/runtime/device.ts';
import { embeddedModel } from '../../main/hosts/terminal/composition.ts';
import { appFolder } from '../../main/places.ts';
import { typed } from '../gpu/gguf/write-gguf.ts';
import { worstDifference, wrongTop } from '../gpu/reference-model.ts';
import { type Shape, seeded, smallShape, syntheticModel, tinyShape } from '../gpu/synthetic-model.ts';
import { watched } from '../gpu/watched-gpu.ts';
import type { Bench, Check } from './check.ts';
import { logitsByLlamaCpp } from './llama-cpp.ts';

const idsOf = (count: number, vocabulary: number): number[] => {
  const next = seeded(31);
  return Array.from({ length: count }, () => 3 + Math.floor(((next() + 1) / 2) * (vocabulary - 3)));
};
const ids = idsOf(2048, smallShape.vocabulary);
const bytes = () => syntheticModel(smallShape, { tied: false });

/** Logits (rows, vocabulary) of the rows of all passes. */
async function logitsOf({ device, recorder }: Bench, options: LoadOptions, passes: Pass[]): Promise<Float32Array> {
  const open = await openModel(bytesSource(bytes()));
  const loaded = await allocateModel(device, open, options);
  try {
    await fillModel(device, open, loaded);
    const { vocabulary } = smallShape;
    const all = new Float32Array(passes.reduce((sum, { rows }) => sum + rows.length, 0) * vocabulary);
    const width = loaded.sizes.logitWidth;
    let before = 0;
    for (const pass of passes) {
      const collect = (rows: Float32Array, at: number) => {
        for (let row = 0; row * width < rows.length; row++)
          all.set(rows.subarray(row * width, row * width + vocabulary), (before + at + row) * vocabulary);
      };
      await runPass(recorder, loaded.model, pass, 'logits', { collect });
      before += pass.rows.length;
    }
    return all;
  } finally {
    loaded.arena.destroy();
  }
}

const cut = (text: readonly number[], size: number): Pass[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
    continuing(text, i * size, Math.min(size, text.length - i * size)),
  );

const shown = (difference: number) => difference.toExponential(1);
const judged = (worst: number, limit: number) => ({ measured: shown(worst), ok: worst <= limit });

const passes: Check = {
  name: 'passes of 256, of 37 and of one token, 512 positions',
  figure: '<= 1e-4',
  async run(bench) {
    const text = ids.slice(0, 512);
    const by = (size: number) => logitsOf(bench, { contextLength: 512 }, cut(text, size));
    const whole = await by(256);
    return judged(Math.max(worstDifference(await by(37), whole), worstDifference(await by(1), whole)), 1e-4);
  },
};

/** The seeded model's attention is far sharper than a trained one's, so that rounding costs more: as much as it costs llama.cpp. */
const halfCache: Check = {
  name: 'keys and values in F16 against llama.cpp with F32, 2,048 positions',
  figure: "<= 1.25 x what llama.cpp's own F16 costs, top-1 >= 99.5 %",
  async run(bench) {
    const expected = await logitsByLlamaCpp(bytes(), ids);
    const theirs = worstDifference(await logitsByLlamaCpp(bytes(), ids, { kvType: 'F16' }), expected);
    const found = await logitsOf(bench, { contextLength: 2048, kvType: 'f16' }, cut(ids, 256));
    const worst = worstDifference(found, expected);
    const right = 2048 - wrongTop(found, expected, smallShape.vocabulary);
    const measured = `${shown(worst)}, theirs ${shown(theirs)}; ${right} of 2048`;
    return { measured, ok: worst <= 1.25 * theirs && right >= 0.995 * 2048 };
  },
};

const halfCacheTrained: Check = {
  name: 'keys and values in F16 against F32, the embedded model, 1,024 positions of a text',
  figure: '<= 1e-2, top-1 >= 99.5 %',
  async run({ gpu }) {
    const open = await openModel(bytesSource(new Uint8Array(readFileSync(embeddedModel()))));
    const text = open.tokenizer.encode(readFileSync(join(appFolder(), 'LICENSE'), 'utf8')).slice(0, 1024);
    const by = async (kvType: 'f32' | 'f16') => {
      const engine = await createEngine(gpu, open, { contextLength: 1024, kvType });
      return engine.logits(text).finally(() => engine.dispose());
    };
    const [exact, half] = [await by('f32'), await by('f16')];
    const worst = worstDifference(half, exact);
    const right = 1024 - wrongTop(half, exact, open.info.vocabularySize);
    return { measured: `${shown(worst)}, ${right} of 1024`, ok: worst <= 1e-2 && right >= 0.995 * 1024 };
  },
};

/** The same model with and without a factor, at positions where the angles must be the same; far beyond the trained length too. */
const interpolation = (factor: number): Check => ({
  name: `logits at position p with factor ${factor} are those at p / ${factor}`,
  figure: '<= 1e-4',
  async run(bench) {
    const rows = (scale: number): Pass => ({
      rows: ids.slice(0, 192).map((token, i) => ({ token, position: scale * i, own: 0 })),
      start: 0,
      prefix: 0,
    });
    const native = await logitsOf(bench, { contextLength: 192 }, [rows(1)]);
    const options = { contextLength: 192 * factor, ropeFactor: factor };
    return judged(worstDifference(await logitsOf(bench, options, [rows(factor)]), native), 1e-4);
  },
});

const snapshots = (kvType: 'f32' | 'f16' | 'q8_0'): Check => ({
  name: `a window of 2,000 tokens saved and loaded, ${kvType}`,
  figure: 'bit-equal',
  async run({ gpu }) {
    const open = await openModel(bytesSource(bytes()));
    const engines: Engine[] = [];
    try {
      for (let i = 0; i < 2; i++) engines.push(await createEngine(gpu, open, { contextLength: 2048, kvType }));
      const [from, to] = engines;
      const text = ids.slice(0, 2000);
      await from.prefill(text.slice(0, 777));
      await from.prefill(text);
      const pieces: Uint8Array[] = [];
      for await (const piece of from.saveSnapshot()) pieces.push(piece);
      await to.loadSnapshot(bytesSource(new Uint8Array(Buffer.concat(pieces))));
      const bits = async (engine: Engine) => {
        const [found] = await engine.logprobs(text, [ids.slice(2000, 2048)]);
        return new Uint32Array(found.slice().buffer);
      };
      const [saved, loaded] = [await bits(from), await bits(to)];
      const equal = saved.filter((value, i) => value === loaded[i]).length;
      return { measured: `${equal} of ${saved.length} log-probabilities`, ok: equal === saved.length };
    } finally {
      for (const engine of engines) engine.dispose();
    }
  },
});

/** LONGLEAF_WINDOW: a shorter one, for a look at how long the full one would take. */
const window = Number(process.env.LONGLEAF_WINDOW ?? 32_768);
const factor = 16;
const fullShape: Shape = { ...tinyShape, context: window / factor };
/**
 * llama.cpp multiplies a position by base^(-2 / d) once for each pair, in single precision: at 32,767 an angle is off by 1e-3 before
 * it is divided. With base 65,536 and 32 dimensions that is a half, which is exact.
 */
const fullModel = () =>
  syntheticModel(fullShape, {
    ropeFactor: factor,
    metadata: { 'rope.freq_base': typed('f32', 65_536) },
  });
/** Positions at which logits are compared, one in each eighth. */
const probed = Array.from({ length: 8 }, (_, i) => ((i + 1) * window) / 8 - 1);

interface FullWindow {
  /** Logits (vocabulary,) at each probed position. */
  logits: Float32Array[];
  /** Milliseconds a token, of each eighth of the window; the processor's where it is the adapter, so that a busy machine tells as much. */
  perToken: number[];
  longestSubmit: number;
  /** Bytes in buffers at most, and as computed beforehand. */
  peak: number;
  planned: number;
}

let filled: Promise<FullWindow> | undefined;

/** Milliseconds since some time. */
function spent({ capabilities }: Device): number {
  if (!capabilities.software) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function fillWindow({ gpu, device }: Bench): Promise<FullWindow> {
  const open = await openModel(bytesSource(fullModel()));
  const kvType = defaultKvType(open.config, window);
  const planned = sizesFor(open, window, kvType, device.capabilities).bytes.total;
  const state = watched(gpu);
  const engine = await createEngine(state.gpu, open, { contextLength: window, kvType });
  const text = idsOf(window, fullShape.vocabulary);
  const logits: Float32Array[] = [];
  const perToken: number[] = [];
  try {
    for (const position of probed) {
      const started = spent(device);
      const processors = [(row: Float32Array) => void logits.push(row.slice())];
      const asked = engine.generate(text.slice(0, position + 1), { maxTokens: 1, stop: [], processors });
      for await (const _ of asked);
      perToken.push((spent(device) - started) / (window / 8));
      console.error(`${position + 1} tokens: ${perToken.at(-1)?.toFixed(2)} ms a token`);
    }
    return { logits, perToken, longestSubmit: engine.longestSubmit, peak: state.peak, planned };
  } finally {
    engine.dispose();
  }
}

/** Takes minutes to a quarter of an hour in software, so that it is run only when it is named or long tests are wanted. */
const fullWindow = (name: string, figure: string, judge: (found: FullWindow) => ReturnType<Check['run']>): Check => ({
  name: `a full window of ${window.toLocaleString('en')} tokens: ${name}`,
  figure,
  async run(bench) {
    const wanted = process.env.LONGLEAF_LONG_TESTS === '1' || process.argv.some((word) => word.includes('full window'));
    if (!wanted) return { skipped: 'takes up to half an hour; LONGLEAF_LONG_TESTS=1, or "full window", runs it' };
    filled ??= fillWindow(bench);
    return judge(await filled);
  },
});

/** The line through times at the middle of each part; each is missed by a share of itself, so the shares' squares are least. */
function straightLine(times: readonly number[]): { base: number; slope: number } {
  let [weights, places, squares, sum, product] = [0, 0, 0, 0, 0];
  for (const [i, time] of times.entries()) {
    const place = i + 0.5;
    const weight = 1 / time ** 2;
    weights += weight;
    places += weight * place;
    squares += weight * place ** 2;
    sum += weight * time;
    product += weight * place * time;
  }
  const slope = (weights * product - places * sum) / (weights * squares - places ** 2);
  return { base: (sum - slope * places) / weights, slope };
}

const fullChecks = [
  fullWindow('logits at 8 positions against llama.cpp', '<= 1e-3, top-1 8 of 8', async ({ logits }) => {
    const model = fullModel();
    const text = idsOf(window, fullShape.vocabulary);
    const expected = await logitsByLlamaCpp(model, text, { positions: probed });
    const found = Float32Array.from(logits.flatMap((row) => [...row]));
    const worst = worstDifference(found, expected);
    const right = 8 - wrongTop(found, expected, fullShape.vocabulary);
    return { measured: `${shown(worst)}, ${right} of 8`, ok: worst <= 1e-3 && right === 8 };
  }),
  fullWindow('peak memory', 'within 5 % of what was computed beforehand', async ({ peak, planned }) => {
    const measured = `${(peak / 1e6).toFixed(1)} MB, computed ${(planned / 1e6).toFixed(1)} MB`;
    return { measured, ok: Math.abs(peak / planned - 1) <= 0.05 };
  }),
  fullWindow('longest submit', '<= 500 ms', async ({ longestSubmit }) => ({
    measured: `${Math.round(longestSubmit)} ms`,
    ok: longestSubmit <= 500,
  })),
  fullWindow('time of a token grows with its position', 'a straight line within 20 %', async ({ perToken }) => {
    const { base, slope } = straightLine(perToken);
    const apart = Math.max(...perToken.map((time, i) => Math.abs(time / (base + slope * (i + 0.5)) - 1)));
    const times = perToken.map((time) => time.toFixed(2)).join(' ');
    return { measured: `${Math.round(apart * 100)} %; ms a token: ${times}`, ok: apart <= 0.2 };
  }),
];

export const runtimeChecks: readonly Check[] = [
  passes,
  halfCache,
  halfCacheTrained,
  ...[4, 8, 16].map(interpolation),
  snapshots('f32'),
  snapshots('f16'),
  snapshots('q8_0'),
  ...fullChecks,
];
