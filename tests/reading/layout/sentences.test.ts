// Where sentences end, and where they do not.
import { describe, expect, it } from 'vitest';
import { splitSentences } from '../../../reading/layout/sentences.ts';
import { makePdf, read } from '../pdf/make-pdf.ts';

const split = (text: string): string[] =>
  splitSentences(text, 0, text.length).map(([start, end]) => text.slice(start, end));

describe('a full stop that ends no sentence', () => {
  it.each([
    'It grows in wet places, e.g. Swamps and bogs, all over the county.',
    'This was shown by Smith et al. (2004) and again by others.',
    'The curve in Fig. 3 falls, while that in Figs. 4 and 5 and Eq. (7) rises.',
    'See Sec. 2.1 and Table 4 for the value of 3.14 in No. 12 of vol. 3.',
    'The book by J. R. R. Tolkien was read to Dr. Brown and Mrs. Green.',
    'He came at 5 p.m. and left (see Sec. 3. and the note there) before the others.',
    'The U.S. government agreed with the company of Miller & Co. on that day.',
    'The version was 2.0.1 of example.com and cost $5.00 in all.',
    'He said “Why not?” and went on.',
    'Prices rose by 3.5 percent ... and then fell.',
    'Viele Stoffe, z. B. Wasser, d. h. H2O, sind i. d. R. Flüssigkeiten.',
    'Das Gesetz vom 3. Oktober 1990 gilt gem. § 5 Abs. 2 Nr. 3 bzw. Art. 12 auch für u. a. Gemeinden.',
    'Im 19. Jahrhundert wuchs die Stadt auf ca. 2 Mio. Einwohner (vgl. Abb. 4 und S. 12).',
    'Selon M. Dupont et Mme Martin, la loi s’applique, p. ex. Paris, cf. art. 3 et al. 2.',
    'El Sr. García y la Sra. López viajaron a EE. UU. en 1998, p. ej. Boston, según la pág. 4.',
    'Il Sig. Rossi e la Dott.ssa Bianchi, cfr. art. 12, n. 4, abitano ad es. Roma.',
    'O Sr. Silva e a Sra. Souza moram, p. ex. Lisboa, conforme o art. 5 e a pág. 7.',
    'The plate (Fig. A1; Table B2) and p. 118: both show it, as does Rep. No. CE-STR-90-27 of the school.',
    'A. Bari, M. A. Carena, and J. Rawson, J. (1990), in ACM Comput. Entertain., 3, 1, and Phys. Rev. Lett. 12.',
    'Carraro, T. N. (Org.), her Ph. D. thesis, and Proc. International Conf. on Syst. Sci. 4.',
    'See 34 C.F.R. 668.46 of that year, and Snyder, T. D., and Hoffman, C. M. (2009, March).',
    'U.S. Department of Education, Office of Postsecondary Education. (2005, June).',
    'De heer en mevr. Jansen wonen bijv. Amsterdam, zie blz. 12 en o.a. Utrecht.',
  ])('%s', (text) => {
    expect(split(text)).toEqual([text]);
  });
});

describe('the end of a sentence', () => {
  it.each<[string, string[]]>([
    [
      'One is here. Two is there! Is three anywhere? Yes.',
      ['One is here.', 'Two is there!', 'Is three anywhere?', 'Yes.'],
    ],
    [
      'It was shown before [12]. Others agree.[3] Few do not.',
      ['It was shown before [12].', 'Others agree.[3]', 'Few do not.'],
    ],
    ['A fact has a note.12 The next one has none.', ['A fact has a note.12', 'The next one has none.']],
    ['They chose plan B. The mayor did not.', ['They chose plan B.', 'The mayor did not.']],
    ['It stands in Appendix B. (It is long.)', ['It stands in Appendix B.', '(It is long.)']],
    ['It is in Phys. Rev. Lett. The authors agree.', ['It is in Phys. Rev. Lett.', 'The authors agree.']],
    ['Apples, pears, etc. The rest was sold.', ['Apples, pears, etc.', 'The rest was sold.']],
    ['“We will stay.” So they did.', ['“We will stay.”', 'So they did.']],
    ['1. The first item. It has two sentences.', ['1. The first item.', 'It has two sentences.']],
    ['Table 1. Extent of the forest. Figures are old.', ['Table 1. Extent of the forest.', 'Figures are old.']],
    ['Die Regel gilt im Fall B. Der Kläger zahlt.', ['Die Regel gilt im Fall B.', 'Der Kläger zahlt.']],
    ['Er änderte seine Meinung usw. Die anderen nicht.', ['Er änderte seine Meinung usw.', 'Die anderen nicht.']],
    [
      'She changed her mind. Tell me. It was art. Gems were found.',
      ['She changed her mind.', 'Tell me.', 'It was art.', 'Gems were found.'],
    ],
    ['Der Hafen wurde 1871 gebaut. April war kalt.', ['Der Hafen wurde 1871 gebaut.', 'April war kalt.']],
    ['春天来了。花开了。', ['春天来了。', '花开了。']],
  ])('%s', (text, sentences) => {
    expect(split(text)).toEqual(sentences);
  });
});

it('parts what is far too long at blanks, and loses nothing', () => {
  const text = 'word '.repeat(2_000).trim();
  const parts = split(text);
  expect(parts.length).toBeGreaterThan(3);
  expect(parts.every((part) => part.length <= 1_600)).toBe(true);
  expect(parts.join(' ')).toBe(text);
});

it('gives offsets within the part of the text that it was asked for', () => {
  const text = 'Before. Inside it is. After.';
  expect(splitSentences(text, 8, 21)).toEqual([[8, 21]]);
});

it('a number after the abbreviation at the end of a line is no item, and two raised marks end a sentence as one does', async () => {
  const made = await makePdf((pdf) => {
    pdf.text('Department of Education, the handbook for reporting crime at schools, p.', 72, 72, { lineBreak: false });
    pdf.text('11. Retrieved in September from the address that is given there.', 72, 86, { lineBreak: false });
    const put = (words: string, x: number, y: number, size: number): number => {
      pdf.fontSize(size).text(words, x, y, { lineBreak: false, baseline: 'alphabetic' });
      return x + pdf.widthOfString(words);
    };
    const after = put('They had 6.5 million in (two) schools.', 72, 200, 11);
    put(' Of these, 42.7 percent were male.', put('11, 12', after, 196, 7), 200, 11);
  });
  const { text, sentences } = await read(made);
  expect(sentences.map(({ start, end }) => text.slice(start, end))).toEqual([
    'Department of Education, the handbook for reporting crime at schools, p. 11.',
    'Retrieved in September from the address that is given there.',
    'They had 6.5 million in (two) schools.11, 12',
    'Of these, 42.7 percent were male.',
  ]);
});

it('the raised mark of a note after a year ends its sentence, which only the print tells from a decimal', async () => {
  const { text, sentences } = await read(
    await makePdf((pdf) => {
      const put = (words: string, x: number, y: number, size: number): number => {
        pdf.fontSize(size).text(words, x, y, { lineBreak: false, baseline: 'alphabetic' });
        return x + pdf.widthOfString(words);
      };
      const after = put('There were 6,563 of them in 2006-07.', 72, 100, 11);
      put(' Of these, 4,314 gave degrees, and 2.5 Million were gained.', put('8', after, 96, 7), 100, 11);
    }),
  );
  expect(sentences.map(({ start, end }) => text.slice(start, end))).toEqual([
    'There were 6,563 of them in 2006-07.8',
    'Of these, 4,314 gave degrees, and 2.5 Million were gained.',
  ]);
});
