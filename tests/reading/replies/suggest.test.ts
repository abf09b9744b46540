import { expect, it } from 'vitest';
import { withinSentence } from '../../../reading/replies/suggest.ts';

it.for([
  ['A forest of grass and light', 'Travelers wrote about a forest.', 'a forest of grass and light'],
  ['Builders and tenants', 'Two animals are builders here.', 'builders and tenants'],
  ['Tar, pitch and turpentine', 'They boiled tar.', 'tar, pitch and turpentine'],
  ['The Harbour Budget', 'It lies on the coast.', 'the Harbour Budget'],
  ['Skagen and its boats', 'In Skagen there are boats.', 'Skagen and its boats'],
  ['Annual Report of the Board', 'An annual report.', 'Annual Report of the Board'],
  ['NATO in the north', 'NATO was there.', 'NATO in the north'],
] as const)('the heading “%s” inside a sentence', ([title, text, expected]) => {
  expect(withinSentence(title, text)).toBe(expected);
});
