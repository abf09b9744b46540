// Recognised text of scanned pages as files in the data folder that the window uses too.
import { readFile } from 'node:fs/promises';
import type { RecognisedStore } from '../../../reading/index.ts';
import { openRecognised } from '../../services/snapshots.ts';

export const fileRecognised = (dataFolder: string): RecognisedStore => {
  const files = openRecognised(dataFolder, () => Number.POSITIVE_INFINITY);
  return {
    load: async (name) => {
      await files.use(name);
      const path = await files.path(name);
      return path === undefined ? undefined : JSON.parse(await readFile(path, 'utf8'));
    },
    save: (name, value) => files.store(name, inOnePiece(JSON.stringify(value))),
  };
};

const inOnePiece = async function* (text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
};
