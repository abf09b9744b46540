// What a sentence tells of its document: all else alike, readers get what stands by itself and says what the document is for.
import { describe, expect, it } from 'vitest';
import { isSentence } from '../../../reading/words/candidates.ts';
import { salience } from '../../../reading/words/salience.ts';
import { indexSentences, vectors } from '../../../reading/words/search.ts';
import { makeDocument } from '../made-document.ts';

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
  ['an entry of a list', '21. Senior manager of wheels and weirs'],
])('%s is no sentence to quote', (_, text) => {
  const [sentence] = makeDocument([[[text]]]).sentences;
  expect(isSentence(sentence, text)).toBe(false);
});
