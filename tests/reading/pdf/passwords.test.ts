// A password as it was typed against the spellings under which programs lock a PDF with it.
import { describe, expect, it } from 'vitest';
import { spellings } from '../../../reading/pdf/passwords.ts';
import { makePdf, read } from './make-pdf.ts';

describe('a password', () => {
  it('in plain letters is tried as it is, and so is none', () => {
    expect(spellings('oak tree 7')).toEqual(['oak tree 7']);
    expect(spellings(undefined)).toEqual([undefined]);
  });

  it('with accents is tried composed and decomposed, in one byte a letter and in UTF-8, each once', () => {
    const tried = spellings('cafe\u0301');
    expect(tried).toContain('caf\u00e9');
    expect(tried).toContain('cafe\u0301');
    expect(tried).toContain('caf\u00c3\u00a9');
    expect(new Set(tried).size).toBe(tried.length);
    expect(tried[0]).toBe('cafe\u0301');
  });

  it('with signs that Windows-1252 and PDFDocEncoding place differently is tried in both', () => {
    expect(spellings('5\u20ac')).toEqual(expect.arrayContaining(['5\u0080', '5\u00a0']));
  });

  it('typed decomposed opens what was locked composed, and the other way round', async () => {
    const locked = (userPassword: string) =>
      makePdf((pdf) => pdf.text('A secret sentence.'), { userPassword, pdfVersion: '1.7ext3' });
    for (const [lock, typed] of [
      ['caf\u00e9', 'cafe\u0301'],
      ['\uff21\uff22', 'AB'],
    ])
      expect((await read(await locked(lock), { password: typed })).text).toBe('A secret sentence.');
    await expect(read(await locked('caf\u00e9'), { password: 'caf\u00e8' })).rejects.toMatchObject({
      kind: 'wrong-password',
    });
  });
});
