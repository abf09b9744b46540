// Files damaged at random: whatever happens to a header, opening ends quickly, in a model or in an EngineError. 1,000 mutations of each
// file, 250 of each family; LONGLEAF_LONG_TESTS=1 makes it 10,000.
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../gpu/api.ts';
import { bytesSource } from '../../../gpu/gguf/bytes-source.ts';
import { openModel } from '../../../gpu/open-model.ts';
import { fixture } from '../fixtures.ts';
import { random } from '../random.ts';
import { architectures, syntheticModel } from '../synthetic-model.ts';
import { smallLlama } from './small-llama.ts';

const rounds = process.env.LONGLEAF_LONG_TESTS ? 10_000 : 1_000;
const absent = '../shared/fixtures is not beside the repository';

/** Where the weights begin and end. */
async function extent(bytes: Uint8Array<ArrayBuffer>) {
  const { header } = await openModel(bytesSource(bytes));
  const tensors = [...header.tensors.values()];
  return {
    start: Math.min(...tensors.map((tensor) => tensor.offset)),
    end: Math.max(...tensors.map((tensor) => tensor.offset + tensor.bytes)),
  };
}

/** Changes 1 to 4 places of the header: a bit, a byte, a 32-bit or a 64-bit number that likes to be a limit. */
function mutate(bytes: Uint8Array<ArrayBuffer>, headerEnd: number, next: () => number): Uint8Array<ArrayBuffer> {
  const mutated = bytes.slice();
  const view = new DataView(mutated.buffer);
  const limits = [0n, 1n, 127n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];
  const pick = (count: number) => Math.floor(next() * count);
  for (let change = 1 + pick(4); change > 0; change--) {
    const at = 4 + pick(headerEnd - 12);
    const kind = pick(4);
    if (kind === 0) mutated[at] ^= 1 << pick(8);
    else if (kind === 1) mutated[at] = pick(256);
    else if (kind === 2) view.setUint32(at, Number(limits[pick(limits.length)] & 0xffff_ffffn), true);
    else view.setBigUint64(at, limits[pick(limits.length)], true);
  }
  return mutated;
}

/** Opens and uses what opens; returns what went wrong, if anything did that is no EngineError. */
async function survive(bytes: Uint8Array<ArrayBuffer>): Promise<'opened' | 'refused' | Error> {
  try {
    const { tokenizer } = await openModel(bytesSource(bytes));
    const ids = tokenizer.encode('Once upon a time, 世界 🌍\n');
    tokenizer.decode(ids);
    const prompt = tokenizer.chat([{ role: 'user', content: 'Once upon a time' }]);
    if (prompt) tokenizer.decode(prompt.ids);
    return 'opened';
  } catch (error) {
    return error instanceof EngineError ? 'refused' : (error as Error);
  }
}

function memoryInUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function surviveMutations(bytes: Uint8Array<ArrayBuffer>, count = rounds, leastRefused = 0.2) {
  const { start } = await extent(bytes);
  const next = random(260);
  const counts = { opened: 0, refused: 0 };
  let [slowest, largest] = [0, 0];
  for (let round = 0; round < count; round++) {
    const mutated = mutate(bytes, start, next);
    const before = memoryInUse();
    const started = performance.now();
    const outcome = await survive(mutated);
    slowest = Math.max(slowest, performance.now() - started);
    largest = Math.max(largest, memoryInUse() - before);
    if (outcome instanceof Error) throw new Error(`round ${round}`, { cause: outcome });
    counts[outcome]++;
  }
  expect(largest).toBeLessThan(256 * 2 ** 20);
  if (process.env.LONGLEAF_LONG_TESTS) {
    const mebibytes = (largest / 2 ** 20).toFixed(1);
    console.log(
      `${count} mutations, ${counts.refused} refused: slowest ${slowest.toFixed(0)} ms, most memory ${mebibytes} MiB`,
    );
  }
  // Most mutations hit a string or a score, which no reader can tell from a right one; many must be found out.
  expect(counts.opened + counts.refused).toBe(count);
  expect(counts.refused).toBeGreaterThan(count * leastRefused);
}

async function refuseCuts(bytes: Uint8Array<ArrayBuffer>) {
  const { end } = await extent(bytes);
  const next = random(100);
  for (let cut = 0; cut < 100; cut++) {
    // Half of the cuts within the header, where there is most to go wrong.
    const length = Math.floor(next() * (cut % 2 ? end : Math.min(end, 8192)));
    const refusal = openModel(bytesSource(bytes.subarray(0, length)));
    if (length === 0) await expect(refusal).rejects.toMatchObject({ kind: 'not-a-model' });
    else await expect(refusal).rejects.toThrow(/^The model file is incomplete \(.+\)\. Download it again\.$/);
  }
}

describe('a damaged file', () => {
  test('mutated at random, ends in a model or a refusal', () => surviveMutations(smallLlama()), rounds * 50);

  test.each(architectures)('mutated at random, of the family %s', async (architecture) => {
    const few = {
      layers: 6,
      embedding: 32,
      heads: 2,
      kvHeads: 1,
      headDim: 16,
      feedForward: 32,
      vocabulary: 263,
      context: 64,
    };
    const divisors = Array.from({ length: few.headDim / 2 }, () => 2);
    const template = "{% for m in messages %}{{ '<|' + m.role + '|>' + m.content }}{% endfor %}";
    const bytes = syntheticModel(few, {
      architecture,
      divisors: architecture === 'phi3' ? { short: divisors, long: divisors } : undefined,
      metadata: { 'rope.scaling.type': 'yarn', 'rope.scaling.factor': 4 },
      template,
    });
    await surviveMutations(bytes, rounds / 4, 0.1);
  });

  test(
    'mutated at random, a real one',
    async ({ skip }) => {
      const bytes = fixture('vocabs/stories260K.gguf');
      if (!bytes) return skip(absent);
      await surviveMutations(bytes);
    },
    rounds * 50,
  );

  test('cut at 100 points, is incomplete', () => refuseCuts(smallLlama()));

  test('cut at 100 points, a real one', async ({ skip }) => {
    const bytes = fixture('vocabs/stories260K.gguf');
    if (!bytes) return skip(absent);
    await refuseCuts(bytes);
  });
});
