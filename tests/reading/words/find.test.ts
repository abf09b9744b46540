// What a person types is found, however it is printed, and where it stands is given to the letter.
import { expect, it } from 'vitest';
import { type FindOptions, findAll, findIn, foldedText } from '../../../reading/words/find.ts';

/** The stretches of the text that were found. */
const found = (text: string, query: string, options?: FindOptions): string[] =>
  findAll(text, query, options).map(({ start, end }) => text.slice(start, end));

it('finds words in any case, each once, in their order', () => {
  expect(findAll('The pier and the PIER.', 'Pier')).toEqual([
    { start: 4, end: 8 },
    { start: 17, end: 21 },
  ]);
  expect(found('aaaa', 'aa')).toEqual(['aa', 'aa']);
  expect(found('The pier', 'wall')).toEqual([]);
});

it('finds nothing for nothing, and takes no notice of blanks around the query', () => {
  expect(found('a b', '')).toEqual([]);
  expect(found('a b', '  \n')).toEqual([]);
  expect(found('a\u00ADb', '\u00AD')).toEqual([]);
  expect(found('the pier fell', ' pier\n')).toEqual(['pier']);
});

it('goes across lines, blocks and any blanks, and gives no blank at its end', () => {
  expect(found('the eastern\npier  must\u00a0be\tmoved', 'eastern pier must be moved')).toHaveLength(1);
  expect(found('one\n\ntwo', 'one two')).toEqual(['one\n\ntwo']);
  expect(found('one two', 'one')).toEqual(['one']);
});

it('takes kinds of quotation marks, dashes and dots as one', () => {
  expect(found('the “harbour’s” wall', '"harbour\'s"')).toEqual(['“harbour’s”']);
  expect(found('the "harbour\'s" wall', '“harbour’s”')).toEqual(['"harbour\'s"']);
  expect(found('1904–1907, 1904—1907, 1904‑1907, 1904−1907', '1904-1907')).toHaveLength(4);
  expect(found('and so on…', 'on...')).toEqual(['on…']);
  expect(found('rock´n´roll', "rock'n'roll")).toHaveLength(1);
  expect(found('«oui»', '"oui"')).toEqual(['«oui»']);
});

it('takes accents, ligatures and letters of other alphabets as one types them', () => {
  expect(found('Résumé, re\u0301sume\u0301 and resume', 'resume')).toEqual(['Résumé', 're\u0301sume\u0301', 'resume']);
  expect(found('the o\uFB03ce', 'office')).toEqual(['o\uFB03ce']);
  expect(found('e\uFB03cient', 'ci')).toEqual(['ci']);
  expect(found('e\uFB03cient', 'fc')).toEqual([]);
  expect(found('in der Straße', 'strasse')).toEqual(['Straße']);
  expect(found('in der STRASSE', 'straße')).toEqual(['STRASSE']);
  expect(found('Søren, Łódź, İzmir, Encyclopædia', 'soren')).toEqual(['Søren']);
  expect(found('Søren, Łódź, İzmir, Encyclopædia', 'lodz')).toEqual(['Łódź']);
  expect(found('Søren, Łódź, İzmir, Encyclopædia', 'izmir')).toEqual(['İzmir']);
  expect(found('ΛΟΓΟΣ, λόγος', 'λογος')).toEqual(['ΛΟΓΟΣ', 'λόγος']);
  expect(found('Ｆｕｌｌ width', 'full')).toEqual(['Ｆｕｌｌ']);
});

it('sees through soft hyphens and signs without width', () => {
  expect(found('infor\u00ADmation', 'information')).toEqual(['infor\u00ADmation']);
  expect(found('in\u200Bfor\u2060mation', 'information')).toHaveLength(1);
  expect(found('information', 'infor\u00ADmation')).toEqual(['information']);
});

it('finds Chinese, Japanese and Korean, with or without the blanks that print puts between letters', () => {
  expect(found('我住在東 京\n都的家', '東京都')).toEqual(['東 京\n都']);
  expect(found('我住在東京都', '東 京')).toEqual(['東京']);
  expect(found('ｶﾀｶﾅ', 'カタカナ')).toEqual(['ｶﾀｶﾅ']);
  expect(found('がっこう', 'か')).toEqual([]);
  expect(found('각각', '가')).toEqual([]);
  expect(found('𠮷野家', '野')).toEqual(['野']);
  expect(found('the 東京 office', 'the 東京 office')).toHaveLength(1);
});

it('finds Hebrew, Arabic and Persian, with or without points', () => {
  expect(found('בְּרֵאשִׁית בָּרָא', 'בראשית ברא')).toEqual(['בְּרֵאשִׁית בָּרָא']);
  expect(found('בן־גוריון וצה״ל', 'בן-גוריון')).toHaveLength(1);
  expect(found('بِسْمِ ٱللَّه', 'بسم')).toEqual(['بِسْمِ']);
  expect(found('الأحــد', 'الاحد')).toHaveLength(1);
  expect(found('\uFEE3\uFEAE\uFEA3\uFE92\uFE8E', 'مرحبا')).toHaveLength(1);
  expect(found('می\u200Cخواهم کتاب', 'كتاب')).toEqual(['کتاب']);
});

it('keeps vowel signs that are letters of their scripts', () => {
  expect(found('किताब', 'कताब')).toEqual([]);
  expect(found('мой дом', 'мои')).toEqual([]);
  expect(found('ещё', 'еще')).toEqual(['ещё']);
});

it('matches case when asked to, and still no accents', () => {
  expect(found('The pier, the Pier', 'Pier', { matchCase: true })).toEqual(['Pier']);
  expect(found('Résumé, résumé', 'Resume', { matchCase: true })).toEqual(['Résumé']);
});

it('finds whole words when asked to', () => {
  const whole = { wholeWords: true };
  expect(findAll('pier, piers, (pier) x_pier', 'pier', whole).map(({ start }) => start)).toEqual([0, 14]);
  expect(found('naïve naïveté', 'naive', whole)).toEqual(['naïve']);
  expect(found('nai\u0308ve\u0301', 'naiv', whole)).toEqual([]);
  expect(found('a\u00ADb ab', 'b', whole)).toEqual([]);
  expect(found('x.y', '.', whole)).toEqual(['.']);
  // Scripts without blanks: any letter may begin a word.
  expect(found('我住在東京都', '東京', whole)).toEqual(['東京']);
});

/** Reproducible numbers in [0, below). */
const numbers = (seed: number) => (below: number) => {
  seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
  return seed % below;
};

it('finds the same in a long text, slice by slice, wherever the slices are cut', () => {
  const next = numbers(7);
  const filler = ['lorem', 'ipsum\n', 'Ünï', 'ﬁne', 'x\u00ADy', '東京', 'a  b', '— ', '😀'];
  let text = '';
  const planted: { start: number; end: number }[] = [];
  while (text.length < 300_000) {
    for (let i = next(12); i >= 0; i--) text += `${filler[next(filler.length)]} `;
    const start = text.length;
    text += next(2) ? 'Ne\u0301edle\nin a hay\u00ADstack' : 'needle  in a HAYSTACK';
    planted.push({ start, end: text.length });
    text += ' ';
  }
  expect(findAll(text, 'needle in a haystack')).toEqual(planted);
  const slices = [...findIn(foldedText(text), 'needle in a haystack')];
  expect(slices.length).toBeGreaterThan(8);
  // Without a blank in it.
  const solid = `${'é'.repeat(40_000)}needle${'é'.repeat(32_000)}needle`;
  expect(findAll(solid, 'NEEDLE')).toEqual([
    { start: 40_000, end: 40_006 },
    { start: 72_006, end: 72_012 },
  ]);
  const pairs = '😀'.repeat(40_000);
  expect(findAll(pairs, '😀')).toHaveLength(40_000);
});

it('folds a text once for all queries', () => {
  const text = foldedText(`${'word '.repeat(20_000)}needle`);
  const [first] = [[...findIn(text, 'needle')].flat()];
  const { slices } = text;
  const before = [...slices];
  expect([...findIn(text, 'NEEDLE')].flat()).toEqual(first);
  expect(text.slices.every((slice, i) => slice === before[i])).toBe(true);
});
