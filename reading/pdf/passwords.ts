// The spellings under which a password may have locked a PDF. Up to revision 4 its bytes are PDFDocEncoding by the standard and
// anything in practice (Latin-1, Windows-1252, UTF-8); from revision 5 on they are UTF-8, normalised by some programs and not by
// others (PDF 32000-2, 7.6.4; SASLprep, RFC 4013). pdf.js takes the low byte of each character in the older kind, so bytes are
// handed to it as characters.

/** Characters above Latin-1 that Windows-1252 and PDFDocEncoding have, and their bytes in each; 0 where there is none. */
const OTHER: Record<string, readonly [number, number]> = {
  '€': [0x80, 0xa0],
  '‚': [0x82, 0x91],
  ƒ: [0x83, 0x86],
  '„': [0x84, 0x8c],
  '…': [0x85, 0x83],
  '†': [0x86, 0x81],
  '‡': [0x87, 0x82],
  ˆ: [0x88, 0x1a],
  '‰': [0x89, 0x8b],
  Š: [0x8a, 0x97],
  '‹': [0x8b, 0x88],
  Œ: [0x8c, 0x96],
  Ž: [0x8e, 0x99],
  '‘': [0x91, 0x8f],
  '’': [0x92, 0x90],
  '“': [0x93, 0x8d],
  '”': [0x94, 0x8e],
  '•': [0x95, 0x80],
  '–': [0x96, 0x85],
  '—': [0x97, 0x84],
  '˜': [0x98, 0x1f],
  '™': [0x99, 0x92],
  š: [0x9a, 0x9d],
  '›': [0x9b, 0x89],
  œ: [0x9c, 0x9c],
  ž: [0x9e, 0x9e],
  Ÿ: [0x9f, 0x98],
  ł: [0, 0x9b],
  Ł: [0, 0x95],
  ı: [0, 0x9a],
};

const inOneByte = (text: string, table: 0 | 1): string =>
  [...text].map((letter) => String.fromCharCode(OTHER[letter]?.[table] || letter.charCodeAt(0))).join('');

const utf8 = (text: string): string => unescape(encodeURIComponent(text.toWellFormed()));

/** To be tried in this order; the first is the password as it was typed. Just that when it is plain ASCII. */
export const spellings = (password: string | undefined): (string | undefined)[] => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
  if (password === undefined || /^[\x00-\x7f]*$/.test(password)) return [password];
  const composed = password.normalize('NFC');
  const decomposed = password.normalize('NFD');
  const all = [password, composed, decomposed, inOneByte(composed, 0), inOneByte(composed, 1)];
  return [...new Set([...all, utf8(composed), utf8(decomposed), password.normalize('NFKC')])];
};
