// What a reader is told of a PDF that has no text to read, or cannot be opened.
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ReadingError } from '../../../reading/document.ts';
import { makePdf, rawPdf, read } from './make-pdf.ts';

const refusal = async (bytes: Uint8Array, options = {}): Promise<ReadingError> => {
  const error = await read(bytes, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ReadingError);
  return error as ReadingError;
};

describe('files without a text', () => {
  it('says that a file is empty, or no PDF', async () => {
    expect(await refusal(new Uint8Array(0), { name: 'a.pdf' })).toMatchObject({
      kind: 'empty-file',
      message: 'a.pdf is empty.',
    });
    const page = new TextEncoder().encode('<!doctype html><title>Not found</title>');
    expect(await refusal(page, { name: 'a.pdf' })).toMatchObject({ kind: 'not-a-pdf', message: 'a.pdf is not a PDF.' });
  });

  it('says that a file is damaged', async () => {
    const whole = await makePdf((pdf) => pdf.text('Some words.'));
    expect(await refusal(whole.slice(0, 60))).toMatchObject({ kind: 'damaged' });
  });

  it('asks for the password, says when it is wrong, and opens with the right one', async () => {
    const bytes = await makePdf((pdf) => pdf.text('A secret sentence.'), { userPassword: 'oak', pdfVersion: '1.7' });
    expect(await refusal(bytes)).toMatchObject({
      kind: 'locked',
      message: 'This PDF is locked. Open it with its password.',
    });
    expect(await refusal(bytes, { password: 'elm' })).toMatchObject({ kind: 'wrong-password' });
    expect((await read(bytes, { password: 'oak' })).text).toBe('A secret sentence.');
  });

  it('says that there are no pages', async () => {
    const bytes = rawPdf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>']);
    expect(await refusal(bytes, { name: 'a.pdf' })).toMatchObject({ kind: 'no-pages', message: 'a.pdf has no pages.' });
  });

  it('tells a scan from blank pages', async () => {
    const blank = await makePdf(() => undefined);
    expect(await refusal(blank)).toMatchObject({
      kind: 'no-text',
      message: 'No text in this PDF: its pages are blank.',
    });
    const scan = await makePdf((pdf) => pdf.image(greyPng(40, 40), 0, 0, { width: 595 }));
    expect(await refusal(scan)).toMatchObject({
      kind: 'no-text',
      message: 'No text in this PDF: it looks like a scan.',
    });
  });

  it('names the scanned pages of a file that has text elsewhere', async () => {
    const bytes = await makePdf((pdf) => {
      pdf.text('A page with words.');
      pdf.addPage().image(greyPng(40, 40), 0, 0, { width: 595 });
    });
    const document = await read(bytes);
    expect(document.pages.map((p) => p.state)).toEqual(['text', 'scanned']);
    expect(document.notes).toEqual(['Page 2 holds a picture without text; not read.']);
  });
});

/** A grey picture as a PNG. */
const greyPng = (width: number, height: number): Buffer => {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(data.length);
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([size, body, crc]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = deflateSync(
    Buffer.alloc((width + 1) * height, 128).map((byte, i) => (i % (width + 1) === 0 ? 0 : byte)),
  );
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
};
