// What a file is, by its first bytes and its name: a PDF, a text, or something that is named and refused in one sentence.
import { ReadingError } from './document.ts';
import { decodeText } from './plain-document.ts';

export type FileKind = 'pdf' | 'text' | 'markdown';

/** How the bytes of a file begin, what it is, and what to do about it. */
const OTHERS: readonly [string[], string, string][] = [
  [['\xd0\xcf\x11\xe0'], 'an old Office document', 'Save it as a PDF and open that.'],
  [['{\\rtf'], 'an RTF document', 'Save it as a PDF and open that.'],
  [['\x89PNG', '\xff\xd8\xff', 'GIF8', 'II*\0', 'MM\0*', 'RIFF'], 'a picture', 'Save it as a PDF and open that.'],
  [['%!PS'], 'a PostScript file', 'Convert it to a PDF and open that.'],
  [['\x1f\x8b', '7z\xbc\xaf', 'Rar!', '\xfd7zXZ', 'BZh'], 'a packed archive', 'Unpack it and open a PDF from it.'],
  [['GGUF'], 'a model file', 'Add it under Models.'],
  [['SQLite format 3'], 'a database', 'Open a PDF or a text file.'],
];
/** What lies in a zip: its members' names stand near its head. */
const PACKED: readonly [RegExp, string][] = [
  [/word\//, 'a Word document'],
  [/xl\/|ppt\//, 'an Office document'],
  [/opendocument/, 'an OpenDocument file'],
  [/epub/, 'an e-book (EPUB)'],
];

const otherKind = (head: string): [string, string] | undefined => {
  if (head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06')) {
    const packed = PACKED.find(([name]) => name.test(head));
    return packed
      ? [packed[1], 'Save it as a PDF and open that.']
      : ['a zip archive', 'Unpack it and open a PDF from it.'];
  }
  if (/^\s*(?:<!doctype html|<html|<\?xml.{0,500}<html)/is.test(head))
    return ['a web page', 'Print it to a PDF and open that.'];
  const other = OTHERS.find(([starts]) => starts.some((start) => head.startsWith(start)));
  return other && [other[1], other[2]];
};

/** Throws a ReadingError for what cannot be read; a text is told by having none of the bytes that texts do not have. */
export const kindOfFile = (bytes: Uint8Array, name: string): FileKind => {
  if (bytes.length === 0) throw new ReadingError('empty-file', `${name} is empty.`);
  let head = '';
  for (let i = 0; i < Math.min(bytes.length, 4_096); i++) head += String.fromCharCode(bytes[i]);
  if (head.includes('%PDF-')) return 'pdf';
  const other = otherKind(head);
  if (other) throw new ReadingError('not-a-pdf', `${name} is ${other[0]}, not a PDF. ${other[1]}`);
  const ending = /\.([^.]{1,12})$/.exec(name)?.[1].toLowerCase() ?? '';
  const markdown = ending === 'md' || ending === 'markdown';
  if ((markdown || ending === 'txt' || ending === 'text') && isText(bytes)) return markdown ? 'markdown' : 'text';
  // Broken PDFs often lack the header and are readable all the same.
  if (/\d+\s+\d+\s+obj\b/.test(head)) return 'pdf';
  throw new ReadingError('not-a-pdf', `${name} is not a PDF.`);
};

const isText = (bytes: Uint8Array): boolean => {
  const text = decodeText(bytes.subarray(0, 4_096));
  const strange = text.match(/[^\P{Cc}\n\r\t\f]|\ufffd/gu)?.length ?? 0;
  return strange <= text.length / 200;
};
