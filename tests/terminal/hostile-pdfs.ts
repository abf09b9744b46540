// PDFs made to hang a reader, to fill its memory or to send it in circles; each is small or is made in a moment.
import { deflateSync } from 'node:zlib';

type Part = string | Uint8Array;

const bytesOf = (part: Part): Uint8Array => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part);

/** Numbered objects with a right cross-reference table. */
const file = (objects: readonly Part[]): Uint8Array => {
  const parts: Uint8Array[] = [Buffer.from('%PDF-1.7\n')];
  let at = parts[0].length;
  const add = (part: Part): void => {
    const bytes = bytesOf(part);
    parts.push(bytes);
    at += bytes.length;
  };
  const offsets = objects.map((object, i) => {
    const offset = at;
    add(`${i + 1} 0 obj\n`);
    add(object);
    add('\nendobj\n');
    return offset;
  });
  const start = at;
  add(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`);
  add(offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join(''));
  add(`trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`);
  return Buffer.concat(parts);
};

const stream = (data: Part, entries = ''): Uint8Array => {
  const bytes = bytesOf(data);
  return Buffer.concat([
    Buffer.from(`<< /Length ${bytes.length} ${entries} >>\nstream\n`),
    bytes,
    Buffer.from('\nendstream'),
  ]);
};

const page = (contents: string, resources = '/Font << /F1 5 0 R >>') =>
  `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents ${contents} /Resources << ${resources} >> >>`;
const catalog = '<< /Type /Catalog /Pages 2 0 R >>';
const font = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';
const words = (text: string): Uint8Array => stream(`BT /F1 12 Tf 72 700 Td (${text}) Tj ET`);

/** One page of the given content, and a second that can be read. */
const withGoodPage = (contents: Part, resources?: string, ...more: Part[]): Uint8Array =>
  file([
    catalog,
    '<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>',
    page('4 0 R', resources),
    contents,
    font,
    page('7 0 R'),
    words('This page can be read.'),
    ...more,
  ]);

const MB = 1 << 20;

/** Blanks that inflate to `size` bytes, packed piece by piece so that the test itself needs no memory. */
const packedBlanks = (size: number, times: number): Buffer => {
  let packed = deflateSync(Buffer.alloc(size, ' '), { level: 9 });
  for (let i = 1; i < times; i++) packed = deflateSync(packed, { level: 9 });
  return packed;
};

const bomb = (times: number): Uint8Array =>
  withGoodPage(stream(packedBlanks(1_024 * MB, times), `/Filter [${' /FlateDecode'.repeat(times)} ]`));

const forms = (depth: number): Part[] =>
  Array.from({ length: depth }, (_, i) =>
    stream(
      '/X Do '.repeat(10),
      `/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X ${9 + i} 0 R >> >>`,
    ),
  );

/** Pages that each expand to nearly as much as a stream may, and one that can be read. */
const bombs = (pages: number): Uint8Array => {
  const packed = packedBlanks(250 * MB, 1);
  const numbers = Array.from({ length: pages }, (_, i) => 6 + 2 * i);
  return file([
    catalog,
    `<< /Type /Pages /Kids [3 0 R ${numbers.map((number) => `${number} 0 R`).join(' ')}] /Count ${pages + 1} >>`,
    page('4 0 R'),
    words('This page can be read.'),
    font,
    ...numbers.flatMap((number) => [page(`${number + 1} 0 R`), stream(packed, '/Filter /FlateDecode')]),
  ]);
};

export interface Hostile {
  name: string;
  make(): Uint8Array;
  /** What a reader is told, or the text of the page that can be read. */
  ends: RegExp;
}

const stopped =
  /This page can be read\.|expands to more|never comes to an end|holds more text|more memory|damaged|no pages/;

export const hostile: Hostile[] = [
  { name: 'content-bomb', make: () => bomb(1), ends: /This page can be read\./ },
  { name: 'content-bomb-packed-twice', make: () => bomb(2), ends: /This page can be read\./ },
  { name: 'twenty-five-bombs', make: () => bombs(25), ends: /This page can be read\..*left out|256 MB/s },
  {
    name: 'text-operators',
    make: () =>
      withGoodPage(stream(deflateSync(`BT /F1 9 Tf ${'(a) Tj '.repeat((64 * MB) / 7)}ET`), '/Filter /FlateDecode')),
    ends: /This page can be read\./,
  },
  {
    name: 'state-operators',
    make: () => withGoodPage(stream(deflateSync('q 1 0 0 1 0 0 cm Q '.repeat((64 * MB) / 19)), '/Filter /FlateDecode')),
    ends: /This page can be read\./,
  },
  {
    name: 'forms-without-end',
    make: () => withGoodPage(stream('/X Do'), '/XObject << /X 8 0 R >>', ...forms(40), font),
    ends: /This page can be read\./,
  },
  {
    name: 'form-in-itself',
    make: () =>
      withGoodPage(
        stream('/X Do'),
        '/XObject << /X 8 0 R >>',
        stream('/X Do', '/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 8 0 R >> >>'),
      ),
    ends: /This page can be read\./,
  },
  {
    name: 'page-entries',
    make: () =>
      file([
        catalog,
        `<< /Type /Pages /Count 200000 /Kids [${'3 0 R '.repeat(200_000)}] >>`,
        page('4 0 R'),
        words('Again and again.'),
        font,
      ]),
    ends: /200,000 pages; up to 20,000 are read/,
  },
  {
    name: 'long-word',
    make: () => withGoodPage(words('x'.repeat(20 * MB))),
    ends: /This page can be read\./,
  },
  {
    name: 'deep-arrays',
    make: () => withGoodPage(stream(`${'['.repeat(MB)}${']'.repeat(MB)} TJ`)),
    ends: /This page can be read\./,
  },
  {
    name: 'deep-dictionary',
    make: () =>
      file([
        `<< /Type /Catalog /Pages 2 0 R /Deep ${'<< /A '.repeat(200_000)}1${' >>'.repeat(200_000)} >>`,
        '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        page('4 0 R'),
        words('This page can be read.'),
        font,
      ]),
    ends: stopped,
  },
  {
    name: 'deep-page-tree',
    make: () => {
      const depth = 5_000;
      const nodes = Array.from({ length: depth }, (_, i) => `<< /Type /Pages /Kids [${i + 3} 0 R] /Count 1 >>`);
      return file([catalog, ...nodes, '<< /Type /Page /MediaBox [0 0 9 9] >>']);
    },
    ends: /./,
  },
  {
    name: 'page-count-lie',
    make: () =>
      file([
        catalog,
        '<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>',
        page('4 0 R'),
        words('This page can be read.'),
        font,
      ]),
    ends: /This page can be read\.|2,000,000,000 pages/,
  },
  {
    name: 'page-tree-in-a-circle',
    make: () =>
      file([
        catalog,
        '<< /Type /Pages /Kids [3 0 R] /Count 5 >>',
        '<< /Type /Pages /Kids [2 0 R] /Count 5 /Parent 2 0 R >>',
      ]),
    ends: /damaged|no pages/,
  },
  {
    name: 'length-in-a-circle',
    make: () => withGoodPage('<< /Length 4 0 R >>\nstream\nBT /F1 12 Tf (x) Tj ET\nendstream'),
    ends: /This page can be read\./,
  },
  {
    name: 'outline-in-a-circle',
    make: () =>
      file([
        '<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R >>',
        '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        page('4 0 R'),
        words('This page can be read.'),
        font,
        '<< /First 7 0 R /Last 7 0 R >>',
        '<< /Title (Round) /Next 7 0 R /First 7 0 R /Dest [3 0 R /Fit] >>',
      ]),
    ends: /This page can be read\./,
  },
];
