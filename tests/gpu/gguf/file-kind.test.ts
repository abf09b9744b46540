import { describe, expect, test } from 'vitest';
import { bytesSource } from '../../../gpu/gguf/bytes-source.ts';
import { readHeader } from '../../../gpu/gguf/read-header.ts';

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const page = 'This is a web page, not a model.';

const cases: [name: string, content: string, sentence: string][] = [
  ['an empty file', '', 'This file is empty'],
  ['a web page', '<!DOCTYPE html>\n<html lang="en"><head><title>Sign in</title>', page],
  ['a web page in capitals after a byte order mark', '\xef\xbb\xbf\r\n <HTML><BODY>404', page],
  ['a web page behind a comment', '<!-- saved from url=(0020) -->\n<html>', page],
  ['a web page cut in its first comment', `<!-- ${'x'.repeat(600)}`, 'This is an XML file'],
  ['an XML error of a file store', '<?xml version="1.0"?><Error><Code>AccessDenied</Code>', 'This is an XML file'],
  [
    'a Git LFS pointer',
    'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 4113',
    'This is a Git LFS pointer',
  ],
  ['a zip archive', `PK\x03\x04\x14${'\0'.repeat(100)}`, 'This is a zip archive'],
  ['an empty zip archive', `PK\x05\x06${'\0'.repeat(18)}`, 'This is an empty zip archive'],
  ['a gzip file', '\x1f\x8b\x08\0\0', 'This is a packed file'],
  ['a 7z archive', '7z\xbc\xaf\x27\x1c', 'This is a packed file'],
  ['a PDF', '%PDF-1.7\n%\xe2\xe3', 'This is a PDF, not a model. Open it as a document.'],
  ['an image', '\x89PNG\r\n\x1a\n', 'This is an image'],
  ['a JSON answer', '{"error":"Repository not found"}', 'This is a JSON file'],
  ['plain text', 'Entry not found', 'This is a text file'],
  ['a safetensors file', '\x40\x1f\0\0\0\0\0\0{"__metadata__":{}}', 'This is a safetensors file'],
  ['an old GGML file', 'tjgg\x03\0\0\0', 'This is an old GGML file'],
  ['a program', '\x7fELF\x02\x01\x01', 'This is a program'],
  ['zeros', '\0'.repeat(4096), 'nothing but zeros'],
  ['anything else', '\x01\x02\x03\x04\x05', 'This is not a GGUF model.'],
];

describe('a file that is no model', () => {
  test.each(cases)('%s is named', async (_, content, sentence) => {
    const refusal = await readHeader(bytesSource(latin1(content))).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ name: 'EngineError', kind: 'not-a-model' });
    expect((refusal as Error).message).toContain(sentence);
  });
});
