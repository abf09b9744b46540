// A model that is already in memory, as a ByteSource.
import type { ByteSource } from '../api.ts';

export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > bytes.length) {
        throw new RangeError(`bytes ${offset} to ${offset + length} of ${bytes.length}`);
      }
      return bytes.slice(offset, offset + length) as Uint8Array<ArrayBuffer>;
    },
  };
}
