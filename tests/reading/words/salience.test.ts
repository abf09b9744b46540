// What a sentence tells of its document: all else alike, readers get what stands by itself and says what the document is for.
import { describe, expect, it } from 'vitest';
import { sentenceText } from '../../../reading/document.ts';
import { planWindow } from '../../../reading/window.ts';
import { choose, isSentence, preselect } from '../../../reading/words/candidates.ts';
import { salience } from '../../../reading/words/salience.ts';
import { indexSentences, vectors } from '../../../reading/words/search.ts';
import { makeDocument } from '../made-document.ts';
import { wordModel } from '../scripted-engine.ts';

const OTHERS = ['The council met in the old town hall on Monday.', 'Members spoke for three hours about many things.'];

/** Of a sentence in the middle of two others, each a paragraph. */
const tells = (text: string): number => {
  const texts = [OTHERS[0], text, OTHERS[1]];
  const { sentences } = makeDocument([texts.map((one) => [one])]);
  const all = vectors(indexSentences([...texts, 'Minutes']));
  const title = all.pop()!;
  return salience(sentences, texts, { all, title, places: [0, 0.4, 0.8] })[1];
};
const REST = 'will rebuild the old stone quay at the harbour in winter.';

describe('all else alike', () => {
  const alone = tells(`The mayor ${REST}`);

  it.each(['However, the mayor', 'It', 'This mayor', 'They', 'His office', 'As a result, they'])(
    'what leans on the sentence before tells less: "%s"',
    (opening) => {
      expect(tells(`${opening} ${REST}`)).toBeLessThan(alone);
    },
  );

  it('"It is known that" leans on nothing', () => {
    expect(tells('It is known that the mayor will rebuild it.')).toBeGreaterThan(
      tells('It will, the mayor said, rebuild it.'),
    );
  });

  it.each([
    ['a question', `Who ${REST.replace('.', '?')}`],
    ['a cry', `The mayor ${REST.replace('.', '!')}`],
    ['what somebody says', `“The mayor ${REST.replace('.', '”, said Anna.')}`],
    ['what points elsewhere', `As shown in Figure 3, the mayor ${REST}`],
    ['an example', `For example, the mayor ${REST}`],
    ['what goes on', `and the mayor ${REST}`],
    ['what has no end', `The mayor ${REST.replace('.', '')}`],
    ['what sends its reader elsewhere', `Please call us to hear how the mayor ${REST}`],
    ['a note below the text', `* The mayor ${REST}`],
    ['an aside', `(The mayor ${REST})`],
    ['what a picture shows', `The mayor, left, and others ${REST}`],
    ['the life of its author', `Anna Lind is a mayor at the University of Ashford who ${REST}`],
    ['a label', `The mayor ${REST.replace('.', ':')}`],
    ['what a function does', `Returns what the mayor ${REST}`],
    ['what leads through a text', `This chapter shows how the mayor ${REST}`],
    ['what wants to be cited', `Please cite as: the mayor ${REST}`],
    ['a field of a function', `Returns: The mayor ${REST}`],
    ['what a parameter is', `The mayor of it. when: The mayor ${REST}`],
    ['a declaration in code', `int plan_quay(const char *mayor, int *when) The mayor ${REST}`],
  ])('%s tells less', (_, text) => {
    expect(tells(text)).toBeLessThan(alone);
  });

  it.each(['We affirm that the mayor', 'The council approved that the mayor', 'The motion was carried that the mayor'])(
    'a decision tells more: "%s"',
    (opening) => expect(tells(`${opening} ${REST}`)).toBeGreaterThan(tells(`They all think of how the mayor ${REST}`)),
  );

  it('what points back in its first words tells less', () => {
    expect(tells(`By these plans the mayor ${REST}`)).toBeLessThan(tells(`By northern plans the mayor ${REST}`));
  });

  it.each(['The main finding is that the mayor', 'Our most important result was that the mayor'])(
    'what came out tells more: "%s"',
    (opening) => expect(tells(`${opening} ${REST}`)).toBeGreaterThan(tells(`They all think of how the mayor ${REST}`)),
  );

  it('what says what the document is for tells more', () => {
    expect(tells('This report describes how the mayor wants to build.')).toBeGreaterThan(
      tells('That morning showed how the mayor wants to build.'),
    );
  });
});

it.each([
  ['a line of code', "WHEN VERIFY_GROUP_FOR_USER ( SESSION_USER , 'MGR' ) = 1 AND SESSION_USER = EMPLOYEES ."],
  ['a caption', 'Figure 3: The old stone quay at the harbour in winter.'],
  [
    'an entry of a reference list',
    'Stern, M. 1891. On bridges over rivers and their cost. Journal of Bridges, vol. 3.',
  ],
  ['a row of a table', 'North mill 12 14 19 south mill 22 25 31.'],
  ['what a code means', '26 = merger of two mills that are on one river, or the end of one of them.'],
  ['a row without a number in it', '13 79-80 Date on which interest on the tax of the mill begins to count.'],
  ['a row with numbers at both ends', '25 Wheels and weirs of the northern mills 55'],
  ['contents of two columns', '25 Wheels of the mill 55 26 Weirs of the mill 59 27 Rent of the mill'],
  ['contents without blanks', '155File mills of north 156File weirs of south 157File rents'],
  ['a listing', '127 The mill aims to grind all of the corn 128 Instead of buying it elsewhere, it'],
  ['TeX', String.raw`\begin{tabular}{c} \node{a}{Top}\\[4ex] \node{b}{This is the bottom of it} \end{tabular}`],
  ['what breaks off', 'The mill grinds the corn of all of the farmers and the wheat of'],
  ['what breaks off in a reference', 'The mill grinds the corn of all of the farmers [11,'],
  ['the source of a motto', '—From Of Mills and Weirs: A History of Both, by Sister Anna, miller.'],
  ['an entry of a list', '21. Senior manager of wheels and weirs'],
])('%s is no sentence to quote', (_, text) => {
  const [sentence] = makeDocument([[[text]]]).sentences;
  expect(isSentence(sentence, text)).toBe(false);
});

it.each([
  'The commands \\weir and \\mill draw what their names say.',
  'The mill was built in 1840 and sold in 1851',
  '3. The tenant pays the rent within 14 days of the end of each quarter.',
  'By 1930, 4 of 12 mills were left on the river.',
])('"%s" is one', (text) => {
  const [sentence] = makeDocument([[[text]]]).sentences;
  expect(isSentence(sentence, text)).toBe(true);
});

describe('of a whole document', () => {
  // Of words that come again seldom, so that no sentence is close to all others.
  const word = (n: number): string =>
    ['b', 'd', 'g', 'k', 'm', 'p', 't']
      .map((letter, i) => letter + 'aeiou'[(n * (i + 3) + i) % 5])
      .slice(0, 3 + (n % 4))
      .join('');
  const filler = Array.from(
    { length: 70 },
    (_, i) => `The ${word(i)} and the ${word(i + 31)} went with ${word(i + 7)} to the ${word(i + 53)} for some days.`,
  );
  const summed = (sentences: string[], title: string, count: number): string[] => {
    const document = makeDocument([sentences.map((one) => [one])], title);
    const candidates = preselect(document, planWindow(document, wordModel({ trainedContext: 16_384 })), {
      room: 1_000,
      most: 100,
    });
    const chosen = choose(
      candidates,
      candidates.map(({ prior }) => prior),
      count,
    );
    return chosen.map(({ sentence }) => sentenceText(document, sentence));
  };

  it('what the thing of its title is tells more', () => {
    const tellsAs = (one: string): number => {
      const texts = [...filler.slice(0, 20), one, ...filler.slice(20)];
      const { sentences } = makeDocument([texts.map((text) => [text])]);
      const all = vectors(indexSentences([...texts, 'Ashford']));
      const title = all.pop()!;
      return salience(sentences, texts, { all, title, places: texts.map((_, i) => i / texts.length) })[20];
    };
    const rest = 'distributed register of mills, appropriate for towns on more than one river.';
    // Any definition is worth 0.3.
    expect(tellsAs(`The Ashford application is a ${rest}`)).toBeGreaterThan(
      tellsAs(`The Ashford application became a ${rest}`) + 1,
    );
  });

  it('its aim is told once', () => {
    const first =
      'We present a register of mills that tells their owners when the river rises and what the weir lets through.';
    const again =
      'We present a new register of mills, which reconciles the wishes of owners with the height of the river.';
    const both = summed([first, ...filler.slice(0, 30), again, ...filler.slice(30)], 'Rivers and rents', 3);
    expect(both.filter((one) => one === first || one === again)).toHaveLength(1);
  });
});
