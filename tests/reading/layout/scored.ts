// The text of PDFs by others against poppler's, with the scorer that lies beside the repository, for the suite that asserts the figures.
// Needs ../shared, python3 and pdftotext; says which is missing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';
import { fixtures, read, resources } from '../pdf/make-pdf.ts';

/** What the scorer says of one text against its reference; 0 to 1, `hyphen_left` per 1,000 words. */
export interface Score {
  ref_words: number;
  precision: number;
  recall: number;
  word_f1: number;
  bigram_f1: number;
  order: number | null;
  hyphen_left: number;
  glued_per_1k: number;
  split_per_1k: number;
}

export type Kind = 'latin' | 'columns' | 'cjk' | 'arabic' | 'persian' | 'hebrew';

export interface ScoredFile {
  file: string;
  kind: Kind;
  /** Markdown source, for a second score. */
  truth?: string;
}

interface Entry {
  file: string;
  password?: string;
  poppler: { words?: number };
}

const shared = new URL('../../../../shared/', import.meta.url);
const scorer = fileURLToPath(new URL('bench/pdf-text/', shared));

const has = (command: string, ...args: string[]): boolean => spawnSync(command, args).error === undefined;

/** Why nothing can be scored here; undefined where it can. */
export const missing = (): string | undefined => {
  if (fixtures === undefined || !existsSync(join(scorer, 'score.py'))) return '../shared is not there';
  if (!has('python3', '--version')) return 'python3 is not installed';
  return has('pdftotext', '-v') ? undefined : 'pdftotext (poppler) is not installed';
};

const entries = (): Entry[] => JSON.parse(readFileSync(join(fixtures!, 'manifest.json'), 'utf8'));

/** Fixtures of more than one column (a person looked); all others have one. */
const COLUMNS = new Set([
  'columns/tracemonkey.pdf',
  'columns/federal-register-2020-17221.pdf',
  'encrypted/2206.01062_pg3.pdf',
  'pdfjs/tracemonkey_a11y.pdf',
]);

/** Every fixture in which poppler finds at least `words` words. */
export const scoredFiles = (words = 100): ScoredFile[] =>
  entries()
    .filter((entry) => (entry.poppler.words ?? 0) >= words)
    .map(({ file }) => ({
      file,
      kind: COLUMNS.has(file) ? 'columns' : kindOf(popplerText(file)),
      truth: truthOf(file),
    }));

const kindOf = (text: string): Kind => {
  const count = (letters: RegExp): number => text.match(letters)?.length ?? 0;
  const all = count(/\p{L}/gu);
  if (count(/[\u0590-\u05ff]/g) > 0.3 * all) return 'hebrew';
  if (count(/[\u0600-\u06ff]/g) > 0.3 * all)
    return count(/[\u067e\u0686\u06a9\u06af\u06cc]/g) > 0.04 * all ? 'persian' : 'arabic';
  return count(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]/g) > 0.3 * all ? 'cjk' : 'latin';
};

const truthOf = (file: string): string | undefined =>
  file === 'long/asvs-5.0.0-en.pdf'
    ? markdownWords(readFileSync(join(fixtures!, 'truth/asvs-5.0.0-en.md'), 'utf8'))
    : undefined;

/** Markdown without its marks. */
const markdownWords = (text: string): string =>
  text
    .replace(/<!--[\s\S]*?-->|<[^>]+>/g, ' ')
    .replace(/!\[[^\]]*\]\([^)]*\)/g, ' ')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\|?[\s:|-]+\|?$/gm, ' ')
    .replace(/\\([\\`*_{}[\]()#+.!|&-])/g, '$1')
    .replace(/[|`]|\*\*/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

const passwordOf = (file: string): string | undefined => entries().find((entry) => entry.file === file)?.password;

/** poppler's text: in its reading order (the reference), or as `-raw` and `-layout` give it. */
export const popplerText = (file: string, ...mode: ('-raw' | '-layout')[]): string => {
  const password = passwordOf(file);
  const args = ['-q', '-enc', 'UTF-8', ...mode, ...(password ? ['-upw', password] : []), join(fixtures!, file), '-'];
  return spawnSync('pdftotext', args, { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout;
};

/** Files whose own table of letters calls ligatures signs, which poppler and pdf.js print ("di!cult"); their glyphs' names say what they are. */
const LIGATURES: Record<string, Record<string, string>> = {
  'encrypted/2206.01062_pg3.pdf': { '!': 'ffi', '"': 'fi', '#': 'ff', $: 'fl' },
};

/** Another program's text of a file with its ligatures set right; italics there have one more table ("Scienti!c"). */
export const setRight = (file: string, text: string): string => {
  const ligatures = LIGATURES[file];
  return ligatures
    ? text.replaceAll('Scienti!c', 'Scientific').replace(/[!"#$](?=\p{Ll})/gu, (sign) => ligatures[sign])
    : text;
};

/** The text as `longleaf extract --text` prints it. */
export const longleafText = async (file: string): Promise<string> => {
  const bytes = new Uint8Array(readFileSync(join(fixtures!, file)));
  const document = await read(bytes, { keepRunningLines: true, password: passwordOf(file) });
  return document.pages.map((page) => `${document.text.slice(page.start, page.end).trim()}\n\f`).join('');
};

/** pdf.js's items joined by blanks. */
export const plainText = async (file: string): Promise<string> => {
  const data = new Uint8Array(readFileSync(join(fixtures!, file)));
  const loading = pdfjs.getDocument({ data, password: passwordOf(file), ...resources, verbosity: 0 });
  const pdf = await loading.promise;
  const pages: string[] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    const { items } = await (await pdf.getPage(number)).getTextContent();
    pages.push(`${items.map((item) => ('str' in item ? item.str : '')).join(' ')}\n\f`);
  }
  await loading.destroy();
  return pages.join('');
};

/**
 * Text from the right without what poppler writes otherwise than it is printed, for both sides of a comparison. It turns the letters of the
 * ligature lam-alef round, so runs of lam and alef are sorted; it leaves vowel marks out or moves them, so there are none; it puts the
 * blank between two directions on the wrong side of a Latin word or a number, so words are parted wherever the direction changes.
 */
export const alike = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u00ad\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]/g, '')
    .replace(/[\u0622\u0623\u0625\u0627\u0644]+/g, (letters) => [...letters].sort().join(''))
    .replace(TURN, (letter) => `${letter} `);

const RIGHT = '[\\u05d0-\\u065f\\u066e-\\u06ef\\u06fa-\\u08ff]';
const LEFT = '[A-Za-z0-9\\u0660-\\u0669\\u06f0-\\u06f9]';
const TURN = new RegExp(`${RIGHT}(?=${LEFT})|(?<=${LEFT})(?=${RIGHT})`, 'g');

const DRIVER = `
import json, sys
sys.path.insert(0, sys.argv[1])
from score import score
for pair in json.load(open(sys.argv[2], encoding='utf8')):
    print(json.dumps(score(pair['ref'], pair['hyp'], want_space=False)), flush=True)
`;

/** Scores of texts against references, in order. */
export const scores = (pairs: readonly { ref: string; hyp: string }[]): Score[] => {
  const folder = mkdtempSync(join(tmpdir(), 'longleaf-score-'));
  try {
    writeFileSync(join(folder, 'pairs.json'), JSON.stringify(pairs));
    const ran = spawnSync('python3', ['-c', DRIVER, scorer, join(folder, 'pairs.json')], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (ran.status !== 0) throw new Error(`The scorer failed: ${ran.stderr}`);
    return ran.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
};
