// Model files as the engine's random access: behind a URL that answers ranges, or chosen by the reader; one file, or all files of a model
// that is split. Bytes never pass through the RPC port. A file's ETag is remembered, so that another one under its address is found out.
import { type ByteSource, EngineError } from '../../gpu/api.ts';
import { MainError } from '../../main/common/api.ts';

/** `size` in bytes, as main listed it. */
export const httpSource = (url: string, size: number, signal?: AbortSignal): ByteSource => {
  let etag: string | undefined;
  const gone = (detail: string) =>
    new EngineError(
      'model-gone',
      'The model file is gone or changed; your documents and history are kept. Choose the model again.',
      detail,
    );
  const ask = async (init: RequestInit, status: number): Promise<Response> => {
    const response = await fetch(url, { ...init, signal }).catch((error) => {
      // Stop is a matter of the reader's; everything else is a file, or an app, that is not there any more.
      throw signal?.aborted ? error : gone(String(error));
    });
    // A model that is not here yet: main says what is wrong with its server.
    if (response.status === 502) throw new MainError('remote', await response.text());
    if (response.status !== status) throw gone(`status ${response.status}`);
    const tag = response.headers.get('ETag') ?? undefined;
    etag ??= tag;
    if (tag !== etag) throw gone(`ETag ${tag} instead of ${etag}`);
    return response;
  };
  return {
    size,
    async read(offset, length) {
      if (length === 0) return new Uint8Array(0);
      if (offset < 0 || offset + length > size) throw gone('range past the end');
      const response = await ask({ headers: { Range: `bytes=${offset}-${offset + length - 1}` } }, 206);
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (bytes.length !== length) throw gone('short answer');
      return bytes;
    },
    async expectUnchanged() {
      await ask({ method: 'HEAD' }, 200);
    },
  };
};

/** A file that the reader chose. */
export const blobSource = (file: Blob): ByteSource => ({
  size: file.size,
  read: async (offset, length) => new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()),
});
