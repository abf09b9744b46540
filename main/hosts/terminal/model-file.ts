// A model file on disk for the engine, or all files of a model that is split: read by ranges, never as a whole. A file that vanishes
// or changes while it is read is refused, since half of one model and half of another would compute nonsense.
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ByteSource } from '../../../gpu/api.ts';
import { joinParts, partsMissing } from '../../../gpu/gguf/parts.ts';
import { modelGone } from '../../../gpu/gguf/refusals.ts';
import { partNames, partOfName } from '../../common/model-names.ts';
import { fileProblem } from './problems.ts';

export interface ModelFile extends ByteSource {
  close(): Promise<void>;
}

/**
 * `path` may name any part of a split model; its other parts lie beside it. Rejects with a plain sentence when there is no such file,
 * and with the name of a part that is missing.
 */
export async function openModelFile(path: string): Promise<ModelFile> {
  const part = partOfName(basename(path));
  if (!part) return openFile(path);
  const folder = dirname(path);
  const names = partNames(part.stem, part.count);
  const there = await readdir(folder).catch((error) => {
    throw fileProblem(error, path, 'a model file (GGUF)');
  });
  const missing = names.filter((name) => !there.includes(name));
  if (missing.length === names.length) return openFile(path);
  if (missing.length > 0) throw partsMissing(missing, basename(path));
  const files: ModelFile[] = [];
  const close = async () => {
    for (const file of files) await file.close();
  };
  try {
    for (const name of names) files.push(await openFile(join(folder, name)));
  } catch (error) {
    await close();
    throw error;
  }
  return { ...joinParts(files), close };
}

async function openFile(path: string): Promise<ModelFile> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const before = await handle.stat();
    if (before.isDirectory()) throw Object.assign(new Error('folder'), { code: 'EISDIR' });
    return source(path, handle, before);
  } catch (error) {
    await handle?.close();
    throw fileProblem(error, path, 'a model file (GGUF)');
  }
}

type Facts = Awaited<ReturnType<typeof stat>>;

function source(path: string, handle: FileHandle, before: Facts): ModelFile {
  const size = Number(before.size);
  const expectUnchanged = async () => {
    const now = await stat(path).catch((error: NodeJS.ErrnoException) => error.code ?? 'unreadable');
    if (typeof now === 'string') throw modelGone(basename(path), now);
    const same = now.ino === before.ino && now.size === before.size && now.mtimeMs === before.mtimeMs;
    if (!same) throw modelGone(basename(path), `${now.size} bytes instead of ${before.size}`);
  };
  return {
    size,
    expectUnchanged,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > size) {
        throw new RangeError(`bytes ${offset} to ${offset + length} of ${size}`);
      }
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        // A disk that was unplugged answers with an error of its own.
        const { bytesRead } = await handle.read(bytes, at, length - at, offset + at).catch((error) => {
          throw modelGone(basename(path), String(error));
        });
        if (bytesRead === 0) throw modelGone(basename(path), `it ends at ${offset + at}`);
        at += bytesRead;
      }
      await expectUnchanged();
      return bytes;
    },
    close: () => handle.close(),
  };
}
