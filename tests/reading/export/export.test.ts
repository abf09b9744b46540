// Exports are read back: Markdown and JSON as text, HTML by a browser's parser (tests/app), PDF by pdf.js. Whatever a document or
// a model spells stays text.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import PDFDocument from 'pdfkit';
import { describe, expect, it } from 'vitest';
import { type ExportedDocument, exportName, shown } from '../../../reading/export/export.ts';
import { toHtml } from '../../../reading/export/html.ts';
import { toMarkdown } from '../../../reading/export/markdown.ts';
import { type PdfFont, type PdfFonts, type PdfWriterLibrary, toPdf } from '../../../reading/export/pdf.ts';
import { arrange, atomsOf } from '../../../reading/export/text-lines.ts';
import { toJson } from '../../../reading/index.ts';
import { aReply } from '../../main/a-reply.ts';
import { HOSTILE } from './hostile-replies.ts';

const hash = 'ab'.repeat(32);

const exported = (...texts: string[]): ExportedDocument => {
  const reply = aReply(texts[0]);
  reply.sentences = texts.flatMap((text) => aReply(text).sentences);
  reply.model.sha256 = hash;
  reply.kvType = 'f32';
  return {
    document: { title: 'A report', name: 'report.pdf', sha256: 'cd'.repeat(32), pages: 6, words: 1200 },
    replies: [{ reply, createdAt: '2026-11-24T10:00:00.000Z' }],
  };
};

const LIBERATION = join(dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')), 'standard_fonts');
const fontFile = async (name: string): Promise<PdfFont> => ({
  bytes: new Uint8Array(await readFile(join(LIBERATION, name))),
});

const fontsWith = async (...others: PdfFont[]): Promise<PdfFonts> => ({
  regular: await fontFile('LiberationSans-Regular.ttf'),
  bold: await fontFile('LiberationSans-Bold.ttf'),
  async *others() {
    yield* others;
  },
});

const Library = PDFDocument as unknown as PdfWriterLibrary;

const textOfPdf = async (bytes: Uint8Array): Promise<{ pages: string[]; annotations: number; scripts: unknown }> => {
  const task = getDocument({ data: bytes.slice(), verbosity: 0, standardFontDataUrl: `${LIBERATION}/` });
  const pdf = await task.promise;
  const pages: string[] = [];
  let annotations = 0;
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    pages.push(items.map((item) => ('str' in item ? item.str : '')).join(' '));
    annotations += (await page.getAnnotations()).length;
  }
  const scripts = await pdf.getJSActions();
  await task.destroy();
  return { pages, annotations, scripts };
};

const squeezed = (text: string) => text.replace(/\s+/g, '');

describe('every format', () => {
  const one = exported('Pines live for three hundred years.', 'The heartwood resists decay.');

  it('says of recognised text that it is', async () => {
    const scan = exported('Pines live for three hundred years.');
    const [{ reply }] = scan.replies as [{ reply: (typeof scan.replies)[0]['reply'] }];
    reply.window.pagesRecognised = [[3, 4]];
    reply.sentences[0]!.citations[0]!.recognised = true;
    const { bytes } = await toPdf(Library, await fontsWith(), [scan]);
    for (const text of [toMarkdown([scan]), toHtml([scan]), (await textOfPdf(bytes)).pages.join(' ')].map(squeezed)) {
      expect(text).toContain('p.3(iii),recognisedtext');
      expect(text).toMatch(/Textrecognised.*onpages3–4;itmayholdmistakes/);
    }
    expect(toJson([scan])).toContain('"recognised": true');
  });

  it('names page, label, status and the whole receipt', async () => {
    const { bytes } = await toPdf(Library, await fontsWith(), [one]);
    const pdf = squeezed((await textOfPdf(bytes)).pages.join(' '));
    const texts = [toMarkdown([one]).replaceAll('\\', ''), toHtml([one]).replaceAll(/<\/?bdi>/g, ''), pdf];
    for (const text of texts.map(squeezed)) {
      for (const part of ['Areport', 'Pinesliveforthreehundredyears.', 'p.3(iii)', 'verified', hash, 'Q8_0', 'factor4'])
        expect(text).toContain(part);
      for (const part of [
        '1–6',
        'f32',
        'SwiftShader',
        '900tokens',
        'Seed',
        '2026-11-24T10:00:00.000Z',
        'cd'.repeat(32),
      ])
        expect(text).toContain(part);
    }
  });

  it('as JSON keeps the replies as they are', () => {
    expect(JSON.parse(toJson([one]))).toEqual({ format: 'longleaf-export-1', documents: [one] });
  });

  it('says when the document does not say, and when words were not found', async () => {
    const answer = exported('x');
    const [{ reply }] = answer.replies;
    Object.assign(reply, { kind: 'answer', question: 'Why?', found: false, sentences: [] });
    const unsure = exported('Pines sing.');
    unsure.replies[0]!.reply.sentences[0]!.citations[0]!.status = 'unverified';
    unsure.replies[0]!.reply.sentences[0]!.citations[0]!.quote = 'Pines stand.';
    for (const write of [toMarkdown, toHtml]) {
      expect(write([answer])).toContain('The document does not say.');
      expect(write([unsure])).toMatch(/unverified[\s\S]*Pines stand\./);
    }
  });

  it('says of prose which sentence is borne out, under the heading of its section', async () => {
    const prose = exported('Pines are old.', 'Pines sing.');
    const { reply } = prose.replies[0]!;
    Object.assign(reply, { mode: 'prose', purpose: 'for a forester' });
    Object.assign(reply.sentences[0]!, { status: 'verified', section: '1 Age' });
    Object.assign(reply.sentences[1]!, { status: 'unverified', section: '2 <Song>', citations: [] });
    const { bytes } = await toPdf(Library, await fontsWith(), [prose]);
    const pdf = squeezed((await textOfPdf(bytes)).pages.join(' '));
    for (const text of [
      toMarkdown([prose]).replaceAll('\\', ''),
      toHtml([prose]).replaceAll('&lt;', '<').replaceAll('&gt;', '>'),
      pdf,
    ])
      expect(squeezed(text)).toMatch(
        /Summary:foraforester.*1Age.*Pinesareold\..*verified:thepagescited.*2<Song>.*Pinessing\..*unverified:nosentence/,
      );
  });

  it('compares several documents in one table', () => {
    const comparison = {
      question: 'What is the rent?',
      rows: [
        { document: 'a.pdf', found: true, answer: 'It is | 310 crowns.', pages: 'p. 3' },
        { document: 'b.pdf', found: false, answer: '', pages: '' },
        { document: 'c.pdf', found: false, answer: '', pages: '', problem: 'c.pdf is damaged.' },
      ],
    };
    const markdown = toMarkdown([], comparison);
    expect(markdown).toContain('| a.pdf | It is \\| 310 crowns. | p. 3 | yes |');
    expect(markdown).toContain('| c.pdf | c.pdf is damaged. |  | not read |');
    expect(toHtml([], comparison)).toContain('<td><bdi>The document does not say.</bdi></td>');
  });
});

describe('what a document spells', () => {
  const one = exported(...HOSTILE);
  one.document.title = HOSTILE[13]!;

  it('is no markup in Markdown: every sign that could open some is escaped', () => {
    const markdown = toMarkdown([one]);
    const unescaped = markdown.replace(/\\[!-/:-@[-`{-~]/g, '');
    expect(unescaped).not.toMatch(/[<>[\]`*~@]|:\/\/|www\./);
    expect(unescaped.replace(/^#{1,2} /gm, '')).not.toContain('#');
    expect(markdown.replace(/\n/g, '')).not.toMatch(/\p{Cc}|[\u202a-\u202e]/u);
  });

  it('is no element in HTML: the only tags are our own', () => {
    const html = toHtml([one]);
    const tags = [...html.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map((match) => match[1]!.toLowerCase());
    const ours = [
      'html',
      'head',
      'meta',
      'title',
      'style',
      'body',
      'main',
      'h1',
      'h2',
      'ol',
      'li',
      'p',
      'span',
      'bdi',
      'dl',
      'div',
      'dt',
      'dd',
      'q',
    ];
    expect([...new Set(tags)].filter((tag) => !ours.includes(tag))).toEqual([]);
    expect(html.match(/<(meta|style|title|main)\b/g)).toHaveLength(4 + 1 + 1 + 1);
    expect(html).not.toMatch(/<[^>]*\s(on\w+|href|src|action)=/i);
  });

  it('is text in a PDF, without a link, a form or a script', async () => {
    const { bytes, missing } = await toPdf(Library, await fontsWith(), [one]);
    const { pages, annotations, scripts } = await textOfPdf(bytes);
    const text = squeezed(pages.join(' '));
    for (const hostile of HOSTILE.slice(0, 17)) expect(text).toContain(squeezed(shown(hostile)));
    expect({ annotations, scripts }).toEqual({ annotations: 0, scripts: null });
    expect(Buffer.from(bytes).toString('latin1')).not.toMatch(/\/(JavaScript|JS|URI|Launch|OpenAction|AcroForm)\b/);
    expect(missing).toEqual(['\ufffd']);
  });
});

describe('a PDF', () => {
  it('says which characters no font could write, and shows a box in their place', async () => {
    const { bytes, missing } = await toPdf(Library, await fontsWith(), [exported('The word 森 means a wood.')]);
    expect(missing).toEqual(['森']);
    const text = squeezed((await textOfPdf(bytes)).pages.join(' '));
    expect(text).toContain('Theword□meansawood.');
    expect(text).toContain('U+68EE');
  });

  it('asks further fonts only until every character is written, and survives a broken one', async () => {
    const asked: string[] = [];
    const fonts: PdfFonts = {
      ...(await fontsWith()),
      async *others() {
        asked.push('broken');
        yield { bytes: new Uint8Array(50) };
        asked.push('none');
      },
    };
    await toPdf(Library, fonts, [exported('Plain words, naïve café, Ωμέγα, Жизнь.')]);
    expect(asked).toEqual([]);
    const { missing } = await toPdf(Library, fonts, [exported('漢字')]);
    expect({ asked, missing }).toEqual({ asked: ['broken', 'none'], missing: ['漢', '字'] });
  });

  it('goes over as many pages as it needs and numbers them', async () => {
    const { bytes } = await toPdf(Library, await fontsWith(), [
      exported(...Array.from({ length: 80 }, (_, i) => `Sentence ${i} of many. `.repeat(6))),
    ]);
    const { pages } = await textOfPdf(bytes);
    expect(pages.length).toBeGreaterThan(4);
    for (const [i, text] of pages.entries()) expect(squeezed(text)).toContain(`${i + 1}of${pages.length}`);
    for (let i = 0; i < 80; i++) expect(squeezed(pages.join(' '))).toContain(`Sentence${i}ofmany.`);
  });
});

describe('lines of text', () => {
  const lines = (text: string, width: number) =>
    arrange(
      atomsOf(text, () => 'regular').map((atom) => ({ ...atom, width: [...atom.text].length })),
      width,
    ).map(({ atoms }) => atoms.map((atom) => atom.text).join(''));

  it('break between words, and within one only when it is longer than a line', () => {
    expect(lines('the quick brown fox', 10)).toEqual(['the quick', 'brown fox']);
    expect(lines('abcdefgh', 4).join('')).toBe('abcdefgh');
    expect(lines('森林森林', 3)).toEqual(['森林森', '林']);
  });

  it('run from right to left where the text does, with numbers and Latin words the right way round', () => {
    expect(lines('אב גד 12 הו', 40)).toEqual(['הו 12 גד אב']);
    expect(lines('see אב גד now', 40)).toEqual(['see גד אב now']);
    expect(lines('אב one two גד', 40)).toEqual(['גד one two אב']);
  });
});

it('names files without what a file system minds', () => {
  expect(exportName('A/B: "C" <d>?', 'md')).toBe('A B C d.md');
  expect(exportName('../..', 'pdf')).toBe('longleaf.pdf');
  expect(exportName('x'.repeat(300), 'html')).toHaveLength(85);
});
