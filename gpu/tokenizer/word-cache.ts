// Ids of words seen before: English of a megabyte has 170,000 words, of which 10,000 differ.

const mostWords = 50_000;
/** Longer ones do not come again, and would fill memory. */
const longestWord = 64;

/** `encode`, remembering what it gave for short words. */
export function cached(encode: (word: string) => readonly number[]): (word: string) => readonly number[] {
  const known = new Map<string, readonly number[]>();
  return (word) => {
    const found = known.get(word);
    if (found) return found;
    const ids = encode(word);
    if (word.length <= longestWord) {
      if (known.size >= mostWords) known.clear();
      known.set(word, ids);
    }
    return ids;
  };
}
