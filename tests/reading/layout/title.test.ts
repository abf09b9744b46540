// What a document is called: the file's own title, unless a program wrote it, else what stands largest on its first page.
import { describe, expect, it } from 'vitest';
import type { LaidBlock, LaidText } from '../../../reading/layout/text.ts';
import { titleOf } from '../../../reading/layout/title.ts';

const BODY = 'The mill stands below the weir, and its wheel has turned without a pause since the spring of last year.';

/** Lines with their sizes; "|" parts cells of a row. */
const laid = (...lines: (readonly [text: string, size: number, kind?: 'prose'])[]): LaidText => {
  const found: LaidText = { text: '', blocks: [], sentences: [], pageRanges: new Map(), running: [] };
  for (const [written, size, kind = 'heading'] of lines) {
    const start = found.text.length;
    const cells = [start, ...[...written.matchAll(/\|/g)].map(({ index }) => start + index + 1)];
    found.text += `${written.replaceAll('|', ' ')}\n`;
    const block: LaidBlock = { kind, start, end: found.text.length - 1, size };
    found.blocks.push({ ...block, ...(cells.length > 1 && { cells }) });
  }
  found.pageRanges.set(1, [0, found.text.length]);
  return found;
};

const page = (...heads: (readonly [string, number, 'prose'?])[]): LaidText => laid(...heads, [BODY, 10, 'prose']);
const mills = page(['Mills of the North', 24]);

describe('the file’s own title', () => {
  it.for(['Mills of the north', 'Self-reliance', 'Mills of the North: a survey, 2nd edition', '磨坊'])('%s', (title) =>
    expect(titleOf(title, page(['Chapter 1', 12]), 'a.pdf')).toBe(title),
  );

  it.for([
    '',
    'untitled',
    'Untitled-1',
    'No Title',
    'Titre',
    'Document1',
    'PowerPoint Presentation',
    'Microsoft Word - MILLS 040616.doc',
    'Mills final.docx',
    'mills-of-the-north-v2',
    'mills_north',
    '10811.exe',
    '88300 162..177',
    'file:///C:/mills.html',
    'Annual report template',
  ])('is none where a program wrote it: %s', (title) =>
    expect(titleOf(title, mills, 'a.pdf')).toBe('Mills of the North'),
  );

  it('is none where it is that of another document', () => {
    expect(titleOf('Plan of the harbour railway', mills, 'a.pdf')).toBe('Mills of the North');
    expect(titleOf('Mills in the north of Sweden', mills, 'a.pdf')).toBe('Mills in the north of Sweden');
  });
});

describe('the printed title', () => {
  it.for([
    [
      'the largest',
      [
        ['The Weir Office', 12],
        ['Mills of the North', 24],
      ],
    ],
    [
      'in several lines',
      [
        ['Mills of', 24],
        ['the North', 24],
        ['A survey', 14],
      ],
    ],
    [
      'smaller than an address',
      [
        ['Mills of the North', 24],
        ['www.weir.org Office', 40],
      ],
    ],
    [
      'smaller than a number or a date',
      [
        ['1 W', 40],
        ['May 5, 2021', 30],
        ['Mills of the North', 24],
      ],
    ],
    [
      'without the mark of its note',
      [
        ['Mills of the North ∗', 24],
        ['A survey', 14],
      ],
    ],
    [
      'smaller than the heading of the contents',
      [
        ['Mills of the North', 14],
        ['Spis treści', 24],
      ],
    ],
    [
      'above a table',
      [
        ['Mills of the North', 24],
        ['Mill|Wheel|Owner|Since', 30],
        ['Spring Fall', 11],
      ],
    ],
  ] as const)('%s', ([, heads]) => expect(titleOf('', page(...heads), 'a.pdf')).toMatch(/^Mills of the North$/));

  it('begins the text, where what is larger comes again', () => {
    const parts = page(['Mills of the North', 12], [BODY, 10, 'prose'], ['How they began', 18], [BODY, 10, 'prose']);
    expect(titleOf('', parts, 'a.pdf')).toBe('How they began');
    const more = page(
      ['Mills of the North', 12],
      [BODY, 10, 'prose'],
      ['How they began', 18],
      [BODY, 10, 'prose'],
      ['How they ended', 18],
    );
    expect(titleOf('', more, 'a.pdf')).toBe('Mills of the North');
  });

  it('of a notice stands above its agency', () => {
    const notice = page(
      ['Proposed Rules|Federal Register|Vol. 85', 19],
      ['Weirs; the Northern Mills', 9, 'prose'],
      ['AGENCY: Weir Office', 9, 'prose'],
    );
    expect(titleOf('', notice, 'a.pdf')).toBe('Weirs; the Northern Mills');
  });

  it('is no head of a table and no line of a letter: the file’s name is left', () => {
    expect(titleOf('', page(['Number|Date|Payee|Amount', 12], ['Start End', 11]), 'mills.pdf')).toBe('mills');
    expect(titleOf('', laid(['May 5, 2021', 10], ['By hand', 10], [BODY, 10, 'prose']), 'letter.pdf')).toBe('letter');
    expect(titleOf('', laid([BODY, 10, 'prose']), 'The file')).toBe('Untitled');
  });
});
