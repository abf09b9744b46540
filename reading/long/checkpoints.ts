// Where a long reading keeps what is done, so that a stop or a crash loses at most the part under way. The terminal keeps it in
// files, the app in its database: plain JSON under a key.
export interface Checkpoints {
  /** What was saved under the key last, or undefined. */
  load(key: string): Promise<unknown>;
  /** Resolves when the value would survive a crash; what was there before stays until then. */
  save(key: string, value: object): Promise<void>;
}

/** A short fingerprint of texts (FNV-1a, 53 bits): tells a checkpoint of another document or setting from this one's. */
export const fingerprint = (...texts: readonly string[]): string => {
  let [low, high] = [0x811c9dc5, 0xcbf29ce4];
  for (const text of texts) {
    for (let i = 0; i <= text.length; i++) {
      const code = i < text.length ? text.charCodeAt(i) : 0x1_0000;
      low = Math.imul(low ^ code, 0x0100_0193) >>> 0;
      high = Math.imul(high ^ (code + (low & 0xff)), 0x0100_0193) >>> 0;
    }
  }
  return `${(high >>> 0).toString(16).padStart(8, '0')}${(low >>> 0).toString(16).padStart(8, '0')}`;
};
