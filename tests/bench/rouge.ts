// ROUGE-1, -2 and -L as F1 (Lin 2004): lower-cased words and numbers, no stemming, nothing left out. The best of several references.

export interface Rouge {
  r1: number;
  r2: number;
  rL: number;
}

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const f1 = (common: number, a: number, b: number): number => (common === 0 ? 0 : (2 * common) / (a + b));

const overlap = (a: readonly string[], b: readonly string[]): number => {
  const counts = new Map<string, number>();
  for (const gram of a) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  let common = 0;
  for (const gram of b) {
    const left = counts.get(gram) ?? 0;
    if (left > 0) common++;
    counts.set(gram, left - 1);
  }
  return common;
};

const longestCommon = (a: readonly string[], b: readonly string[]): number => {
  let row = new Uint16Array(b.length + 1);
  for (const word of a) {
    const next = new Uint16Array(b.length + 1);
    for (let j = 0; j < b.length; j++) next[j + 1] = word === b[j] ? row[j] + 1 : Math.max(row[j + 1], next[j]);
    row = next;
  }
  return row[b.length];
};

const pairs = (list: readonly string[]): string[] => list.slice(1).map((word, i) => `${list[i]} ${word}`);

export const rouge = (text: string, references: readonly string[]): Rouge => {
  const own = words(text);
  const all = references.map((reference) => {
    const other = words(reference);
    return {
      r1: f1(overlap(own, other), own.length, other.length),
      r2: f1(overlap(pairs(own), pairs(other)), own.length - 1, other.length - 1),
      rL: f1(longestCommon(own, other), own.length, other.length),
    };
  });
  const best = (key: keyof Rouge): number => Math.max(0, ...all.map((one) => one[key]));
  return { r1: best('r1'), r2: best('r2'), rL: best('rL') };
};

export const meanRouge = (all: readonly Rouge[]): Rouge => {
  const mean = (key: keyof Rouge): number => all.reduce((sum, one) => sum + one[key], 0) / Math.max(1, all.length);
  return { r1: mean('r1'), r2: mean('r2'), rL: mean('rL') };
};
