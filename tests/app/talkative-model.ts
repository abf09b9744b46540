// A tiny llama that follows instructions and never ends: every token leads to the next one of a cycle, whatever was read before. Its
// matrices that mix are zero, so that the last token alone decides; for tests that need a reply which streams for some seconds.
import { smallLlama, smallTokens } from '../gpu/gguf/small-llama.ts';

const EMBEDDING = 64;
/** " abc ab ab abc…", in pieces. */
const CYCLE = ['▁abc', '▁ab', '▁a', 'b', 'c'];

const rows = (of: (token: number) => number): Float32Array => {
  const values = new Float32Array(smallTokens.length * EMBEDDING);
  for (let token = 0; token < smallTokens.length; token++) {
    const dimension = of(token);
    if (dimension >= 0) values[token * EMBEDDING + dimension] = 8;
  }
  return values;
};

const inCycle = (token: number): number => CYCLE.indexOf(smallTokens[token]!);

export function talkativeModel(): Uint8Array<ArrayBuffer> {
  const nothing = (length: number) => ({ values: new Float32Array(length) });
  const layers = [0, 1].flatMap((layer) => [
    [`blk.${layer}.attn_output.weight`, nothing(64 * 64)],
    [`blk.${layer}.ffn_down.weight`, nothing(96 * 64)],
  ]);
  return smallLlama(
    {
      'general.name': 'Talkative',
      'llama.context_length': 8192,
      'tokenizer.chat_template': "{% for m in messages %}{{ m['content'] }}{% endfor %}",
    },
    {
      // What is no part of the cycle leads to its first piece.
      'token_embd.weight': { values: rows((token) => Math.max(0, inCycle(token)) + 1) },
      'output.weight': {
        values: rows((token) => {
          const at = inCycle(token);
          return at < 0 ? -1 : ((at + CYCLE.length - 1) % CYCLE.length) + 1;
        }),
      },
      ...Object.fromEntries(layers),
    },
  );
}
