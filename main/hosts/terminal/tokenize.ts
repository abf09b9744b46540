// `longleaf tokenize`: a text as a model file's tokens. Only the file's header is read.
import { addAbortSignal } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { readHeader } from '../../../gpu/gguf/read-header.ts';
import { createTokenizer } from '../../../gpu/tokenizer/tokenizer.ts';
import { openedModelFile } from './inspect.ts';
import { print, printJson } from './output.ts';
import type { Running } from './running.ts';

export interface TokenizeOptions {
  json?: boolean;
  /** The names of control tokens in the text become those tokens. */
  special?: boolean;
}

/** Ids of the text on stdin, without a token at its begin; files that hold nothing but a vocabulary serve too. */
export async function tokenize(path: string, options: TokenizeOptions, running: Running): Promise<void> {
  const { metadata } = await readHeader(await openedModelFile(path, running));
  const tokenizer = createTokenizer(metadata);
  if (process.stdin.isTTY) running.say('Type a text and end it with Ctrl+D.');
  const text = await readAll(addAbortSignal(running.signal, process.stdin));
  const ids = options.special ? tokenizer.encodeWithControls(text) : tokenizer.encode(text);
  if (options.json) return printJson({ ids });
  await print(ids.join(' '));
}
