// What stands in a document and is not what it says: nobody wants it in a summary, unless there is nothing else.
import { describe, expect, it } from 'vitest';
import { type ReadDocument, sentenceText } from '../../../reading/document.ts';
import { apparatusOf, isApparatus } from '../../../reading/words/apparatus.ts';
import { type MadePage, makeDocument } from '../made-document.ts';

const TEXT: MadePage = [
  [{ heading: '1 Wheels' }],
  ['The wheel has turned since spring.', 'It was bought by the town.', 'Nobody knows what it cost.'],
  ['The second wheel stands still.', 'It waits for rain.', 'The third was never built.'],
];

/** With an outline of its headings, all of one level but for those in `deeper`. */
const outlined = (pages: readonly MadePage[], deeper: readonly string[] = [], title = 'Mills'): ReadDocument => {
  const made = makeDocument(pages, title);
  made.outline = made.sentences
    .filter(({ kind }) => kind === 'heading')
    .map((sentence) => {
      const text = sentenceText(made, sentence);
      return { title: text, level: deeper.includes(text) ? 2 : 1, page: sentence.page, start: sentence.start };
    });
  return made;
};

const shown = (document: ReadDocument, which: 'legal' | 'torn' | 'references'): string[] =>
  document.sentences
    .filter(({ index }) => apparatusOf(document)[which].has(index))
    .map((one) => sentenceText(document, one));

describe('of licences', () => {
  const licence: MadePage = [
    [{ heading: 'A Free Documentation License' }],
    [{ heading: 'Preamble' }],
    ['Everybody may copy it.'],
    [{ heading: '2 Weirs' }],
    ['The weir holds.'],
  ];

  it.each([
    'Copying Information',
    'Disclaimer',
    'Appendix B: Software License Agreement',
    'Legal notices',
    'Copyright',
  ])('all that stands under "%s", subheadings included', (heading) => {
    const pages: MadePage[] = [TEXT, [[{ heading }], ...licence.slice(1)] as MadePage];
    expect(shown(outlined(pages, ['Preamble']), 'legal')).toEqual([heading, 'Preamble', 'Everybody may copy it.']);
  });

  it('sentences of one wherever they stand', () => {
    const said = 'The views here do not necessarily reflect the views of the town.';
    expect(shown(outlined([TEXT, [[said]]]), 'legal')).toEqual([said]);
    expect(shown(outlined([TEXT, [['Drivers need a licence.']]]), 'legal')).toEqual([]);
  });

  it('but not where the document is one', () => {
    expect(shown(outlined([licence], ['Preamble'], 'A Free Documentation License'), 'legal')).toEqual([]);
    expect(shown(outlined([licence], ['Preamble'], 'Mills'), 'legal')).toEqual([]);
  });
});

it('a sentence across cells of a table is torn, a number before a sentence is no cell of words', () => {
  const made = makeDocument([
    [['Early mills are small. Late mills | are large.'], ['1.2 | All mills are small.'], ...TEXT],
  ]);
  for (const block of made.blocks.slice(0, 2))
    Object.assign(block, { kind: 'row', cells: [block.start, made.text.indexOf('|', block.start)] });
  expect(shown(made, 'torn')).toEqual(['Early mills are small. Late mills | are large.']);
});

it('what goes on with a sentence that was parted for its length is torn', () => {
  const long = `The mill ${'turns and '.repeat(120)}turns`;
  expect(shown(makeDocument([[[long, 'and then it stands still.', 'It waits.']]]), 'torn')).toEqual([
    'and then it stands still.',
  ]);
});

it.each([
  ['References', true],
  ['Function and Data Index', true],
  ['A Copying Information', true],
  ['The index of prices', false],
  ['Wheels', false],
] as const)('the heading "%s" leads to nothing that the document says: %s', (title, expected) =>
  expect(isApparatus(title)).toBe(expected),
);

it('a question in the contents is an entry of them', () => {
  const made = makeDocument([
    [
      ['1.1 What is a mill?', '. . . . . . 7'],
      ['What is a weir?', 'It is a wall in a river.'],
    ],
  ]);
  expect(shown(made, 'references')).toEqual(['1.1 What is a mill?', '. . . . . . 7']);
});
