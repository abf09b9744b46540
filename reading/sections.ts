// The sections of a document, by its outline or its headings, and the parts that a document beyond the window is cut into: along sections
// where they end in time, else between paragraphs, else between sentences.
import { type ReadDocument, type Sentence, sameParagraph, sentenceText } from './document.ts';

export interface Section {
  title: string;
  /** Sentences [first, last) of the document; the heading is the first. */
  first: number;
  last: number;
}

/** A part is cut at the best place after this share of it; where a heading stands, already after a smaller one. */
const LEAST_FILLED = 0.4;
const LEAST_BEFORE_HEADING = 0.2;
/** Sections with fewer words than this are no chapter of their own. */
const LEAST_WORDS = 60;
const SECTION = 3;
const CHAPTER = 4;
const END = 5;
export const LONGEST_TITLE = 160;
/** With more headings than this, neighbours are taken together. */
const MOST_SECTIONS = 24;
/** A level of the outline that leaves more than this share of the words in one section does not part the document. */
const MOST_IN_ONE = 0.5;
const DEEPEST = 6;

/** Sentences that open an entry of the outline: its level and title, by index. */
const openings = (document: ReadDocument): Map<number, { level: number; title: string }> => {
  const found = new Map<number, { level: number; title: string }>();
  let at = 0;
  for (const { start, level, title } of [...document.outline].sort((a, b) => a.start - b.start)) {
    while (at < document.sentences.length && document.sentences[at].end <= start) at++;
    if (at < document.sentences.length && !found.has(at)) found.set(at, { level, title });
  }
  return found;
};

/** How good a place before sentence `i` is for a cut: 0 where there is none, more where a larger unit begins. */
const cutBefore = (
  document: ReadDocument,
  outline: ReturnType<typeof openings>,
  [before, here]: readonly [Sentence, Sentence],
): number => {
  const level = outline.get(here.index)?.level;
  if (level !== undefined) return level === 1 ? CHAPTER : SECTION;
  if (before.kind === 'heading') return 0;
  if (here.kind === 'heading') return SECTION;
  return sameParagraph(document, before, here) ? 1 : 2;
};

/** Consecutive runs of `sentences` whose `tokens` sum up to at most `room`; a sentence longer than that is a run of its own. */
export const cutIntoParts = (
  document: ReadDocument,
  sentences: readonly Sentence[],
  tokens: readonly number[],
  room: number,
): Sentence[][] => {
  const outline = openings(document);
  const parts: Sentence[][] = [];
  for (let first = 0; first < sentences.length; ) {
    let [end, sum] = [first, 0];
    let [best, quality] = [first, -1];
    while (end < sentences.length && (end === first || sum + tokens[end] <= room)) {
      sum += tokens[end++];
      const cut = end < sentences.length ? cutBefore(document, outline, [sentences[end - 1], sentences[end]]) : END;
      if (sum < (cut >= SECTION ? LEAST_BEFORE_HEADING : LEAST_FILLED) * room && cut < END) continue;
      if (cut >= quality) [best, quality] = [end, cut];
    }
    // With headings only up to the limit, any place must do.
    if (quality <= 0) best = end;
    parts.push(sentences.slice(first, best));
    first = best;
  }
  return parts;
};

/**
 * Sections with enough words to be summed up, in order, at most 24: the shortest ones belong to the section before them. What stands
 * before the first heading has the document's title.
 */
export const sectionsOf = (document: ReadDocument): Section[] => {
  const { sentences } = document;
  const isHeading = (i: number): boolean =>
    sentences[i].kind === 'heading' && (i === 0 || sentences[i - 1].kind !== 'heading');
  const byHeadings = (i: number): string | undefined =>
    isHeading(i) ? sentenceText(document, sentences[i]) : undefined;
  const tried = levelsOf(document).map((chapters) => partedBy(document, (i) => chapters.get(i)));
  if (tried.length === 0) tried.push(partedBy(document, byHeadings));
  const largest = tried.map(
    (sections) => Math.max(...sections.map(({ words }) => words)) / Math.max(1, document.words),
  );
  const even = largest.findIndex((share) => share <= MOST_IN_ONE);
  const chosen = tried[even >= 0 ? even : largest.indexOf(Math.min(...largest))];
  return chosen.map(({ title, first, last }) => ({ title, first, last }));
};

/** `titleOf`: the title of the section that a sentence begins. */
const partedBy = (
  document: ReadDocument,
  titleOf: (sentence: number) => string | undefined,
): (Section & { words: number })[] => {
  const { sentences } = document;
  const sections: (Section & { words: number })[] = [];
  sentences.forEach((sentence, i) => {
    const title = titleOf(i) ?? (i === 0 ? document.title : undefined);
    if (title !== undefined) sections.push({ title: title.slice(0, LONGEST_TITLE), first: i, last: i, words: 0 });
    const open = sections.at(-1)!;
    open.last = i + 1;
    open.words += sentenceText(document, sentence).split(' ').length;
  });
  while (sections.length > 1) {
    const least = sections.reduce((best, section, i) => (section.words < sections[best].words ? i : best), 0);
    if (sections[least].words >= LEAST_WORDS && sections.length <= MOST_SECTIONS) break;
    const [into, from] = least > 0 ? [least - 1, least] : [0, 1];
    sections[into].last = sections[from].last;
    sections[into].words += sections[from].words;
    sections.splice(from, 1);
  }
  return sections;
};

/** Titles of the outline by first sentence: of its highest level that has several, and of each deeper one with those above it. */
const levelsOf = (document: ReadDocument): Map<number, string>[] => {
  const all = [...openings(document)];
  const found: Map<number, string>[] = [];
  for (let level = 1; level <= DEEPEST; level++) {
    const chapters = all.filter(([, entry]) => entry.level <= level);
    if (chapters.length > Math.max(1, found.at(-1)?.size ?? 0))
      found.push(new Map(chapters.map(([i, { title }]) => [i, title])));
  }
  return found;
};

/** Which of the sections a sentence stands in. */
export const sectionAt = (sections: readonly Section[], sentence: number): number =>
  sections.findIndex(({ first, last }) => sentence >= first && sentence < last);
