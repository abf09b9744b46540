// Who is taken for the author of a document, and who is not: heads of tables, labels of forms, rows of days, parties, addressees.
import { describe, expect, it } from 'vitest';
import { type ReadDocument, sentenceText } from '../../../reading/document.ts';
import { findByWords } from '../../../reading/words/evidence.ts';
import { namesOn } from '../../../reading/words/names.ts';
import { type MadePage, makeDocument } from '../made-document.ts';

const authors = (document: ReadDocument): string[] =>
  findByWords(document, document.sentences, 'Who wrote it?', { most: 5 }).map(({ sentence }) =>
    sentenceText(document, sentence),
  );

/** Long enough to be running text, and says nothing of authors. */
const TEXT: MadePage = [
  [
    'The mill stands below the weir, and its wheel has turned without a pause since the spring of last year.',
    'A second wheel was bought by the town, which hopes that it will serve the new houses on the hill.',
    'Nobody has said yet what both wheels together are to cost, or who of the owners is to pay for them.',
  ],
];

/** Lines below a title, above the text. */
const page = (...lines: string[]): ReadDocument =>
  makeDocument([[[{ heading: 'Wheels and Weirs' }], ...lines.map((line) => [line]), ...TEXT]], 'Wheels and Weirs');

/** The same as rows of a table, parted into cells at each "|". */
const rows = (...lines: string[]): ReadDocument => {
  const document = page(...lines.map((line) => line.replaceAll('|', ' ')));
  for (const [i, line] of lines.entries()) {
    const block = document.blocks[i + 1];
    const starts = [...line.matchAll(/\|/g)].map(({ index }) => block.start + index + 1);
    Object.assign(block, { kind: 'row', cells: [block.start, ...starts] });
  }
  return document;
};

describe('names of those who wrote it', () => {
  it.for([
    'Anna Berg and Carl Dorn',
    'Anna Berg1, Carl Dorn2',
    'Anna B. Dorn',
    'Anna Berg Carl D. Eriksson Frida van der Gaal',
    'Anna Berg',
    'Anna Berg anna@example.org',
    'Anna Berg, 5 May 2019',
    'By Anna Berg',
    'BY ANNA BERG, CARL DORN',
    'Prepared by: Anna Berg',
  ])('%s', (line) => expect(authors(page(line))).toEqual([line]));

  it('stand side by side over where they work', () => {
    const grid = rows(
      'Anna Berg|Carl Dorn',
      'University of Uppsala|River Institute',
      'anna@example.org|carl@example.org',
    );
    expect(authors(grid)).toEqual(['Anna Berg Carl Dorn']);
  });

  it('stand under a letter', () => {
    const letter = makeDocument(
      [[['Mr. Carl Dorn Clerk of the Mill'], ...TEXT, ['Yours sincerely,'], ['Anna Berg']]],
      'x',
    );
    expect(authors(letter)).toEqual(['Anna Berg']);
  });

  it('are those of a judgment’s judge, not of its parties', () => {
    const parties = [['Anna Berg,'], ['Plaintiff—Appellant,'], ['Carl D. Eriksson, Frida Gaal,'], ['Defendants.']];
    const delivered = 'LIND, J., delivered the opinion of the Court.';
    expect(authors(makeDocument([[[{ heading: 'Court of Appeals' }], ...parties, ...TEXT]]))).toEqual([]);
    expect(authors(makeDocument([[[{ heading: 'Court of Appeals' }], ...parties, ...TEXT], [[delivered]]]))).toEqual([
      delivered,
    ]);
  });
});

describe('who did not write it', () => {
  it.for([
    'Friday Saturday Sunday',
    'January February March',
    'Payee Name Office Address',
    'Street, House Number',
    'Town Representatives:',
    'Postcode: City:',
    'Mr. Carl Dorn',
    'Honorable Carl D. Eriksson',
    'Egypt Libya Mali Mauritania Morocco',
    'Uppsala Region 8 54 2 0 0',
    'BY NUMBER OF WHEELS',
    'Prepared by:',
    'Written by: Title:',
  ])('%s', (line) => expect(authors(page(line))).toEqual([]));

  it('cells of a table are no list', () => {
    const table = rows(
      'Wheel Type|Mill Owner|Start Date',
      'Upper Wheel|Town Mill|Spring Term',
      'Lower Wheel|Weir Mill|Fall Term',
    );
    expect(authors(table)).toEqual([]);
  });

  it('a document without running text has no name that only its place could tell', () => {
    expect(authors(makeDocument([[[{ heading: 'Wheels' }], ['Security Handler'], ['Check Box']]], 'Wheels'))).toEqual(
      [],
    );
  });

  it('names in the text are those of people that it speaks of', () => {
    const later = makeDocument(
      [[[{ heading: 'Wheels and Weirs' }], ...TEXT, ['Anna Berg, Carl Dorn']]],
      'Wheels and Weirs',
    );
    expect(authors(later)).toEqual([]);
  });
});

it('tells a list from one name and from neither', () => {
  const never = (): boolean => false;
  expect(namesOn('Anna Berg & Carl Dorn', never)).toBe('sure');
  expect(namesOn('Anna Berg', never)).toBe('alone');
  expect(namesOn('Anna Berg,', never)).toBe('none');
  expect(namesOn('Anna Berg', (word) => word === 'Berg')).toBe('none');
  expect(namesOn('Anna Berg Carl Dorn Eva Falk', never, ['Anna Berg', 'Carl Dorn', 'Eva Falk'])).toBe('alone');
  expect(namesOn('Anna Berg Carl Dorn Eva Falk', never)).toBe('none');
  expect(namesOn('Anna Berg Carl Dorn Eva Falk', never, undefined, 3)).toBe('alone');
});
