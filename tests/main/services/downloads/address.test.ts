// What may be named as a model on the web, and that the catalogue names nothing else.
import { describe, expect, test } from 'vitest';
import { catalogue, searchCatalogue } from '../../../../main/common/catalogue.ts';
import { onlyHttps, parseAddress } from '../../../../main/services/downloads/address.ts';

describe('an address', () => {
  const address = (text: string) => parseAddress(text, onlyHttps);
  const url = (text: string) => address(text).urls.map(({ href }) => href);

  test('is https and names a model; a page of a file at Hugging Face is the file', () => {
    expect(url(' https://example.com/a/b.gguf ')).toEqual(['https://example.com/a/b.gguf']);
    expect(url('https://huggingface.co/o/r/blob/main/sub/m.gguf?download=true')).toEqual([
      'https://huggingface.co/o/r/resolve/main/sub/m.gguf',
    ]);
    expect(url('https://huggingface.co/o/r/resolve/main/m.gguf')).toEqual([
      'https://huggingface.co/o/r/resolve/main/m.gguf',
    ]);
    expect(address('https://example.com/My%20Model%20(1).GGUF').names).toEqual(['My-Model-1.gguf']);
    expect(url('https://example.com/x/big-00002-of-00002.gguf?v=1')).toEqual([
      'https://example.com/x/big-00001-of-00002.gguf?v=1',
      'https://example.com/x/big-00002-of-00002.gguf?v=1',
    ]);
  });

  test.each([
    ['http://example.com/m.gguf', /https only/],
    ['ftp://example.com/m.gguf', /https only/],
    ['file:///etc/passwd.gguf', /https only/],
    ['javascript:alert(1)//.gguf', /https only/],
    ['m.gguf', /no web address/],
    ['https://user:secret@example.com/m.gguf', /password/],
    ['https://example.com/m.bin', /names no model/],
    ['https://huggingface.co/o/r', /names no model/],
  ])('like %s is refused', (text, sentence) => {
    expect(() => address(text)).toThrow(sentence);
  });

  test('of every model of the catalogue is one', () => {
    for (const { url: text, sha256: hash, bytes } of catalogue) {
      expect(url(text)).toEqual([text]);
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(bytes).toBeGreaterThan(1e8);
    }
    expect(searchCatalogue('gemma 4b').map(({ id }) => id)).toEqual(['gemma-3-4b']);
    expect(searchCatalogue('')).toHaveLength(catalogue.length);
  });
});
