import { describe, expect, test } from 'vitest';
import { preTokenize, preTokenizer } from '../../../gpu/tokenizer/pretokenize.ts';

const words = (name: string | undefined, text: string) => preTokenize(preTokenizer(name), text);

describe('preTokenize', () => {
  test.each<[name: string | undefined, text: string, words: string[]]>([
    ['gpt-2', "It's  2024,\n\n we'll see", ['It', "'s", ' ', ' 2024', ',', '\n\n', ' we', "'ll", ' see']],
    ['gpt-2', 'a\n', ['a', '\n']],
    ['smollm', 'in 2024, 3½', ['in', ' ', '2', '0', '2', '4', ',', ' ', '3', '½']],
    ['starcoder', 'x=10', ['x', '=', '1', '0']],
    ['llama-bpe', "DON'T pay 12345\n", ['DON', "'T", ' pay', ' ', '123', '45', '\n']],
    ['llama-bpe', 'a.b  c\n \n d', ['a', '.b', ' ', ' c', '\n \n', ' d']],
    ['qwen2', "it'S 42", ['it', "'S", ' ', '4', '2']],
    ['deepseek-llm', 'Is 2024 好的\n', ['Is', ' ', '2024', ' ', '好的', '\n']],
    ['gpt-4o', "theirHTTPServer'S École 1234/\n", ['their', "HTTPServer'S", ' École', ' ', '123', '4', '/\n']],
    ['tekken', "It's iPhones 12", ['It', "'s", ' i', 'Phones', ' ', '1', '2']],
    ['falcon', 'a`b 1234', ['a', '`', 'b', ' ', '123', '4']],
    ['deepseek-coder', 'x = y2\n', ['x', ' =', ' y', '2', '\n']],
    [undefined, 'Pay $1234!', ['Pay', ' ', '$', '123', '4', '!']],
    ['default', 'a+b', ['a', '+', 'b']],
  ])('%s: %j', (name, text, expected) => {
    expect(words(name, text)).toEqual(expected);
  });

  test.each(['gpt-2', 'smollm', 'llama-bpe', 'qwen2', 'deepseek-llm', 'gpt-4o', 'tekken', 'falcon', undefined])(
    '%s keeps every character',
    (name) => {
      const text =
        ' \t\r\n\u00a0\u0085\u3000\ufeffA1½²\u0301ä¿?— «x» 世界ひ🌍👩‍👩‍👧 $5 ՀԱՅ հայ ქართ 𝒜\0\u200b\n\n\n  end  ';
      expect(words(name, text).join('')).toBe(text);
      expect(words(name, text).every((word) => word !== '')).toBe(true);
      expect(words(name, '')).toEqual([]);
    },
  );

  test('refuses an unknown rule by name', () => {
    expect(() => preTokenizer('kimi-k2')).toThrow('This app cannot run models with the pre-tokenizer "kimi-k2" yet.');
    expect(() => preTokenizer('constructor')).toThrow('"constructor"');
  });
});
