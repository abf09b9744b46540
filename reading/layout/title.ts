// What a document is called: by its file's own title where that is one, else by what its first page prints largest, else by the
// file's name. Programs write much into a title that is none: the name of a file, of a template, of the document that was
// written over.
import type { LaidBlock, LaidText } from './text.ts';

const LONGEST = 300;
/** Characters from the beginning in which a printed title stands. */
const NEAR = 2_000;
/** Headings that a title may be parted into. */
const MOST_BLOCKS = 3;
/** Cells of a line that is the head of a table, or of a periodical ("Proposed Rules | Federal Register | Vol. 85"). */
const MOST_CELLS = 2;
/** Letters of a title, of a script that writes a word in one or two, and their share of what is printed in it. */
const LEAST_LETTERS = 3;
const LEAST_SIGNS = 2;
const LEAST_SHARE = 0.5;
/** A title of the file of whose words fewer stand in the first pages is another document's, where one is printed this much larger. */
const LEAST_PRINTED = 0.5;
const LARGER = 1.25;
const FIRST_PAGES = 6_000;

const PROGRAM =
  /^(?:microsoft (?:word|powerpoint|excel)\b|(?:untitled|unbenannt|sans titre|sin título|senza titolo)\b|no title\b|title$|titre$|titel$|(?:new )?(?:document|dokument|presentation|powerpoint presentation|pr[äa]sentation|book|slide|layout|cover|page|test|blank)[\s-]*\d*$|\(?anonymous|enscript output|file:|https?:)|\btemplate\b|\bvorlage$/i;
const EXTENSION = /\.[a-z][a-z0-9]{1,7}$/i;
const WEB = /https?:|www\.|\b[a-z0-9-]+\.(?:com|org|net|gov|edu)\b/i;
const DATE_ALONE = /^(?:\p{L}+day,? )?(?:\d{1,2}\.? \p{L}+|\p{L}+ \d{1,2}),? \d{4}$/u;
/** The heading of a table of contents. */
const CONTENTS =
  /^(?:(?:table of )?contents|inhalt(?:sverzeichnis|sübersicht)?|sommaire|table des matières|índice(?: general)?|indice|sumário|spis treści|inhoud(?:sopgave)?|obsah|оглавление|содержание|зміст|目录|目錄|目次|차례|목차)$/iu;
/** The mark of a note at its end. */
const NOTE_MARK = /\s*[*\u2217\u2020\u2021]+$/u;
/** In a notice of the Federal Register what stands above its agency is what it is on. */
const AGENCY = /^AGENCY: ?\p{L}/u;

export const titleOf = (given: string, laid: LaidText, name: string): string => {
  const printed = printedTitle(laid);
  const isGiven = isTitle(given) && !isFileName(given) && !PROGRAM.test(given);
  if (isGiven && !(printed?.isLarge && isOfAnother(given, printed.text, laid.text))) return given;
  const fallback = name === 'The file' ? 'Untitled' : name.replace(/\.[^.]{1,8}$/, '');
  return (printed?.text ?? fallback).slice(0, LONGEST);
};

const isTitle = (text: string): boolean => {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const least = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]/u.test(text) ? LEAST_SIGNS : LEAST_LETTERS;
  return letters >= least && letters >= LEAST_SHARE * text.replace(/\s/g, '').length;
};

/** "annual_report", "final-draft-v2", "10811.exe"; "Self-reliance" is none. */
const isFileName = (text: string): boolean =>
  EXTENSION.test(text.split(' ').at(-1)!)
    ? !text.includes(' ') || /\.(?:docx?|dvi|tex|indd|pdf|qxd|pmd|rtf|xlsx?|pptx?)$/i.test(text)
    : !text.includes(' ') && (/[_/\\]|-[^-]*-/.test(text) || (/\d/.test(text) && text.includes('-')));

/** Whether few of its words are printed where a document names itself, and not those that are printed large. */
const isOfAnother = (given: string, printed: string, text: string): boolean => {
  const words = given.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
  const first = text.slice(0, FIRST_PAGES).toLowerCase();
  if (given.toLowerCase().includes(printed.toLowerCase())) return false;
  return words.filter((word) => first.includes(word)).length < LEAST_PRINTED * words.length;
};

interface Printed {
  text: string;
  /** Much larger than the running text. */
  isLarge: boolean;
}

/** The largest heading near the start, on the first page that has one, with those of its size that follow it. */
const printedTitle = ({ text, blocks, pageRanges }: LaidText): Printed | undefined => {
  const shown = ({ start, end }: LaidBlock): string => text.slice(start, end);
  const agency = blocks.findIndex((block) => block.start < NEAR && AGENCY.test(shown(block)));
  if (agency > 0) return { text: shown(blocks[agency - 1]), isLarge: false };
  const usual = usualSize(blocks);
  // What is no larger than the text is a title only where everything begins with it; below the head of a table stand its columns.
  const table = blocks.find(({ cells }) => (cells?.length ?? 1) > MOST_CELLS)?.start ?? Number.POSITIVE_INFINITY;
  const isAbove = (block: LaidBlock): boolean =>
    block === blocks[0] || block.size > (block.start < table ? usual : LARGER * usual);
  const near = blocks.filter(
    (block) => block.kind === 'heading' && block.start < NEAR && isAbove(block) && mayName(block, shown(block)),
  );
  const page = [...pageRanges.values()].find(([start, end]) =>
    near.some((block) => block.start >= start && block.start < end),
  );
  const first = page ? near.filter(({ start }) => start < page[1]) : near;
  if (first.length === 0) return undefined;
  const largest = opening(blocks, first) ?? first.reduce((a, b) => (a.size >= b.size ? a : b));
  const at = blocks.indexOf(largest);
  const parts = blocks.slice(at, at + MOST_BLOCKS);
  const other = parts.findIndex((part) => !near.includes(part) || part.size !== largest.size);
  const title = other < 0 ? parts : parts.slice(0, other);
  return {
    text: title.map((part) => shown(part).replace(NOTE_MARK, '')).join(' '),
    isLarge: largest.size >= LARGER * usual,
  };
};

/** The heading that a document begins with, where a text follows it and larger headings are of its parts: they come again. */
const opening = (blocks: readonly LaidBlock[], near: readonly LaidBlock[]): LaidBlock | undefined => {
  const [head, next] = blocks;
  if (!near.includes(head) || next?.kind !== 'prose' || next.end - next.start < LEAST_TEXT) return undefined;
  const largest = Math.max(...near.map(({ size }) => size));
  return blocks.filter(({ kind, size }) => kind === 'heading' && size === largest).length > 1 ? head : undefined;
};
const LEAST_TEXT = 60;

/** A line of an address, a date, a number or the head of a table is no title. */
const mayName = ({ cells }: LaidBlock, text: string): boolean =>
  (cells?.length ?? 1) <= MOST_CELLS &&
  text.length <= LONGEST &&
  isTitle(text) &&
  !WEB.test(text) &&
  !CONTENTS.test(text) &&
  !/:$/.test(text) &&
  !DATE_ALONE.test(text);

/** Of most characters. */
const usualSize = (blocks: readonly LaidBlock[]): number => {
  const sizes = new Map<number, number>();
  for (const { size, start, end } of blocks) sizes.set(size, (sizes.get(size) ?? 0) + end - start);
  return [...sizes].reduce((a, b) => (a[1] >= b[1] ? a : b))[0];
};
