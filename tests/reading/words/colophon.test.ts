// Questions on the document itself: who wrote it, what it is called, when it came out, who published it, how to reach them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ReadDocument, sentenceText } from '../../../reading/document.ts';
import { ask } from '../../../reading/replies/ask.ts';
import { planWindow } from '../../../reading/window.ts';
import { particularOf } from '../../../reading/words/colophon.ts';
import { findByWords } from '../../../reading/words/evidence.ts';
import { type MadePage, makeDocument } from '../made-document.ts';
import { fixtures, read } from '../pdf/make-pdf.ts';
import { scriptedEngine, wordModel } from '../scripted-engine.ts';

const found = (document: ReadDocument, question: string): string[] =>
  findByWords(document, document.sentences, question, { most: 3 }).map(({ sentence }) =>
    sentenceText(document, sentence),
  );

/** Text in which the question's words stand, and that answers nothing about the document. */
const BODY: MadePage = [
  [{ heading: '1 Introduction' }],
  [
    'Anna Lind wrote a paper on beavers in 1921, which was published in Oslo.',
    'The authors of that paper were never paid for it.',
  ],
  ['Dams slow the water, and the title of every map has changed since March 1950.'],
];

const paper = makeDocument(
  [
    [
      [{ heading: 'Dams and Their Builders' }],
      [{ heading: 'Per Holm1, Zofia Nowak-Kern2 and José M. Ortiz1' }],
      ['1 University of Uppsala'],
      ['2 Institute of Rivers, Kraków'],
      ['per.holm@example.org'],
      ['14 May 2019'],
      [{ heading: 'Abstract' }],
      ['This paper shows what Mary Shaw and Tom Hill said about dams.'],
    ],
    BODY,
  ],
  'Dams and Their Builders',
);

const report = makeDocument(
  [
    [[{ heading: 'ANNUAL REPORT' }], ['Rivers and Weirs'], ['Version 3.1, October 2021']],
    [
      ['© 2021 The Weir Foundation.'],
      ['All rights reserved.'],
      [{ heading: 'Lead authors' }],
      ['Ingrid Dahl Bo Ek'],
      ['Sven Öst'],
      [{ heading: 'Thanks' }],
      ['Kari Vik'],
    ],
    BODY,
  ],
  'Annual report: Rivers and Weirs',
);

describe('what is asked of the document itself', () => {
  it.for([
    ['Who wrote the paper?', 'author'],
    ['who are its authors', 'author'],
    ['By whom was this report written?', 'author'],
    ['When was it published?', 'date'],
    ['What is the publication date of this document?', 'date'],
    ['In which year was the study released?', 'date'],
    ['What is the title?', 'title'],
    ['What is this document called?', 'title'],
    ['Who published the report?', 'publisher'],
    ['How can I contact the authors of this paper?', 'contact'],
    ["What is the authors' e-mail address?", 'contact'],
  ] as const)('%s', ([question, particular]) => expect(particularOf(question)).toBe(particular));

  it.for([
    'Who wrote the report of 1884?',
    'Who are the authors that Shaw argues against?',
    'When was the bridge made?',
    'When was it published in German?',
    'What is the title of the second chapter?',
    'What is the address of the landlord?',
    'What is the name?',
    'Who wrote to the king?',
  ])('but not: %s', (question) => expect(particularOf(question)).toBeUndefined());

  it('"it" is what was spoken of, where something was', () => {
    expect(particularOf('When was it published?', true)).toBeUndefined();
    expect(particularOf('Who wrote this paper?', true)).toBe('author');
  });
});

describe('where the document says it', () => {
  it('names its authors, not the people it speaks of', () => {
    expect(found(paper, 'Who wrote the paper?')).toEqual(['Per Holm1, Zofia Nowak-Kern2 and José M. Ortiz1']);
    expect(found(report, 'Who are the authors?')).toEqual(['Ingrid Dahl Bo Ek', 'Sven Öst']);
  });

  it('dates, titles, publishers and addresses', () => {
    expect(found(paper, 'When was it written?')).toEqual(['14 May 2019']);
    expect(found(report, 'When was it published?')).toEqual(['Version 3.1, October 2021']);
    expect(found(paper, 'What is the title?')).toEqual(['Dams and Their Builders']);
    expect(found(report, 'What is the title of this report?')).toEqual(['ANNUAL REPORT', 'Rivers and Weirs']);
    expect(found(report, 'Who published it?')).toEqual(['© 2021 The Weir Foundation.']);
    expect(found(paper, 'How can I contact the authors?')).toEqual(['per.holm@example.org']);
  });

  it('labels, the file’s own author and what the text says of itself', () => {
    const lines = (...texts: string[]) =>
      makeDocument([[[{ heading: 'On Weirs' }], ...texts.map((text) => [text])], BODY]);
    expect(found(lines('Editors: B. Ek, S. Öst', 'Weir Press'), 'Who wrote this?')).toEqual(['Editors: B. Ek, S. Öst']);
    expect(found(lines('by Ingrid Dahl'), 'Who is the author?')).toEqual(['by Ingrid Dahl']);
    const named = { ...lines('Weirs of the north, a reader by i. dahl'), author: 'I. Dahl' };
    expect(found(named, 'Who is the author?')).toEqual(['Weirs of the north, a reader by i. dahl']);
    const said = 'This report was prepared for the county by the Weir Office.';
    expect(found(lines('Read me.', said), 'Who wrote the report?')).toEqual([said]);
    expect(found(lines('This study was first published in Oslo in 1998.'), 'When was it published?')[0]).toMatch(
      /1998/,
    );
  });

  it('lines in capitals, rows of tables and headings in title case are no names', () => {
    const table = makeDocument(
      [
        [
          [{ heading: 'Layoffs' }],
          [{ heading: 'Fiscal Year' }],
          ['Notice Date Company City'],
          ['06/22/2015 07/01/2015 Maxim Integrated San Jose 150'],
          ['The fiscal year ends in june, and a notice names the company and its city.'],
        ],
      ],
      'Layoffs',
    );
    expect(found(table, 'Who wrote the document?')).toEqual([]);
    expect(found(table, 'When was it published?')).toEqual([]);
  });

  it('is answered with its page, or by saying that the document does not say', async () => {
    const model = wordModel();
    const reply = async (document: ReadDocument, question: string) => {
      const plan = planWindow(document, model);
      return ask(await scriptedEngine(model, () => 0, plan), document, plan, question);
    };
    const { found: isFound, sentences } = await reply(report, 'Who are the authors?');
    expect(isFound).toBe(true);
    expect(sentences.map(({ text, citations: [{ page, status }] }) => [text, page, status])).toEqual([
      ['Ingrid Dahl Bo Ek', 2, 'verified'],
      ['Sven Öst', 2, 'verified'],
    ]);
    expect((await reply(makeDocument([BODY], ''), 'Who wrote this document?')).found).toBe(false);
  });
});

describe.skipIf(fixtures === undefined)('PDFs of others (skipped where ../shared is not there)', () => {
  it('a notice', async () => {
    const bytes = readFileSync(join(fixtures!, 'columns/federal-register-2020-17221.pdf'));
    const document = await read(new Uint8Array(bytes));
    expect(found(document, 'When was it published?')).toEqual(['Thursday, August 6, 2020']);
    expect(found(document, 'Who issued this notice?')[0]).toMatch(/^AGENCY: Federal Aviation/);
    expect(found(document, 'Who wrote this notice?')[0]).toMatch(/^AGENCY: Federal Aviation/);
  });
});
