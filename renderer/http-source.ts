// A model file behind a URL that answers ranges, as the engine's random access. Bytes never pass through the RPC port.
import { type ByteSource, EngineError } from '../gpu/api.ts';

/** `size` in bytes, as main listed it. */
export const httpSource = (url: string, size: number, signal?: AbortSignal): ByteSource => ({
  size,
  async read(offset, length) {
    if (length === 0) return new Uint8Array(0);
    const gone = (detail: string) =>
      new EngineError(
        'damaged-model',
        'The model file is gone or changed; nothing else was touched. Start Longleaf again.',
        detail,
      );
    if (offset < 0 || offset + length > size) throw gone('range past the end');
    const headers = { Range: `bytes=${offset}-${offset + length - 1}` };
    const response = await fetch(url, { headers, signal });
    if (response.status !== 206) throw gone(`status ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length !== length) throw gone('short answer');
    return bytes;
  },
});
