// Looking for words in the open document: what is marked and gone to, while pages come and when they are all there.
import { beforeEach, expect, test, vi } from 'vitest';
import { LettersWriter } from '../../../reading/layout/letters.ts';
import type { PrintedText } from '../../../reading/layout/so-far.ts';
import { createGlance, type GlanceStore } from '../../../renderer/glance.ts';
import { countWords, MOST_MATCHES, marksOnPage } from '../../../renderer/search/find.ts';
import { ticksOf } from '../../../renderer/search/find-ticks.ts';
import { createFinding, type Finding } from '../../../renderer/search/finding.ts';
import { documentClosed, documentRead, pagesShown } from '../../../renderer/state.ts';
import { createStore, type Store } from '../../../renderer/store.ts';
import { opened, document as read } from '../some-document.ts';

/** Pages of one line of print each, 300 points from their tops; a letter is 5 points wide. */
function printed(pages: readonly string[], first = 1): PrintedText {
  const letters = new LettersWriter();
  let start = 0;
  pages.forEach((line, i) => {
    const edges = Array.from({ length: line.length + 1 }, (_, at) => 50 + 5 * at);
    letters.addStretch({ start, page: first + i, angle: 0, v: 310, size: 12, edges });
    start += line.length + 1;
  });
  return { text: pages.join('\n'), letters: letters.end() };
}

let store: Store;
let glance: GlanceStore;
let finding: Finding;

/** The document's pages are on show; `whole`: and read. */
function open(pages: readonly string[], whole = true) {
  const { document: shown } = opened();
  store = createStore();
  glance = createGlance();
  finding = createFinding(store, glance);
  const searcher = finding.searcherOf('d1');
  store.update((s) => pagesShown(s, { id: 'd1', name: 'a.pdf', pdf: { ...shown!.pdf, pageCount: pages.length } }));
  const finish = () => {
    const { text, letters } = printed(pages);
    searcher.takeLetters(letters);
    store.update((s) => documentRead(s, { ...read, text }, []));
  };
  if (whole) finish();
  return { searcher, finish };
}

/** The words of the bar once all is searched. */
async function said(): Promise<string> {
  await vi.waitFor(() => expect(finding.get().found.done).toBe(true));
  return countWords(finding.get(), store.get().document?.read === undefined);
}

const at = () => [store.get().target.page, store.get().target.by];
const PAGES = ['a needle and a Needle', 'no such thing', 'one more needle', 'needles'];

beforeEach(() => {
  open(PAGES);
});

test('goes to the first match from where the reader is, on to the next, and from the last to the first', async () => {
  glance.update((g) => ({ ...g, here: { page: 2, y: 0 } }));
  finding.open();
  expect(await said()).toBe('');
  finding.change({ query: 'needle' });
  expect(await said()).toBe('3 of 4');
  expect(at()).toEqual([3, 'find']);
  finding.step(1);
  expect([await said(), ...at()]).toEqual(['4 of 4', 4, 'find']);
  finding.step(1);
  expect([await said(), ...at()]).toEqual(['1 of 4', 1, 'find']);
  finding.step(-1);
  expect(await said()).toBe('4 of 4');
  expect(store.get().trail).toHaveLength(1);
  finding.change({ query: 'haystack' });
  expect(await said()).toBe('Not found');
});

test('goes on from the match that is shown when more is typed', async () => {
  finding.open('nee');
  finding.step(1);
  finding.step(1);
  glance.update((g) => ({ ...g, here: { page: 3, y: 300 } }));
  expect(await said()).toBe('3 of 4');
  finding.change({ query: 'needle' });
  expect(await said()).toBe('3 of 4');
  expect(store.get().target.page).toBe(3);
});

test('marks what stands on a page, and nothing when the bar is closed', async () => {
  finding.open('needle');
  await said();
  expect(marksOnPage(finding.get(), 1).map(({ index, boxes }) => [index, boxes[0]!.x, boxes[0]!.width])).toEqual([
    [0, expect.closeTo(60, 1), expect.closeTo(30, 1)],
    [1, expect.closeTo(125, 1), expect.closeTo(30, 1)],
  ]);
  expect(marksOnPage(finding.get(), 2)).toEqual([]);
  finding.change({ matchCase: true, wholeWords: true });
  expect(await said()).toBe('1 of 2');
  finding.close();
  expect(marksOnPage(finding.get(), 1)).toEqual([]);
  finding.step(1);
  expect(await said()).toBe('1 of 2');
});

test('finds in what has come so far, goes on as pages come, and looks again in the whole', async () => {
  const { searcher, finish } = open(PAGES, false);
  let asked = 0;
  searcher.whenWanted(() => asked++);
  finding.open('more needle');
  expect(asked).toBe(1);
  expect(await said()).toBe('Reading…');
  searcher.take(printed(PAGES.slice(0, 2)));
  expect(await said()).toBe('Reading…');
  searcher.take(printed(PAGES.slice(2, 3), 3));
  await vi.waitFor(() => expect(store.get().target.page).toBe(3));
  expect(await said()).toBe('1 of 1 so far');
  finding.change({ query: 'needle' });
  expect(await said()).toBe('3 of 3 so far');
  const { serial } = store.get().target;
  finish();
  expect(await said()).toBe('3 of 4');
  expect(store.get().target.serial).toBe(serial);
});

test('keeps the query when the same document is read anew, and looks for it in what was read', async () => {
  open(['a picture']);
  finding.open('needle');
  expect(await said()).toBe('Not found');
  const searcher = finding.searcherOf('d1');
  const { document: again } = opened();
  store.update((s) => pagesShown(s, { id: 'd1', name: 'a.pdf', pdf: { ...again!.pdf } }));
  const { text, letters } = printed(['a recognised needle']);
  searcher.takeLetters(letters);
  store.update((s) => documentRead(s, { ...read, text }, []));
  expect(await said()).toBe('1 of 1');
});

test('waits where a scan had no text to be read, and finds when it was recognised; closes with a document', async () => {
  open(['unread'], false);
  finding.open('needle');
  store.update(documentClosed);
  expect(finding.get().open).toBe(true);
  const searcher = finding.searcherOf('d1');
  store.update((s) => pagesShown(s, { id: 'd1', name: 'a.pdf', pdf: { ...opened().document!.pdf } }));
  const { text, letters } = printed(['a recognised needle']);
  searcher.takeLetters(letters);
  store.update((s) => documentRead(s, { ...read, text }, []));
  expect(await said()).toBe('1 of 1');
  store.update(documentClosed);
  expect(finding.get()).toMatchObject({ open: false, query: 'needle' });
});

test('what comes of a document that is not on show is not searched', async () => {
  const searcher = finding.searcherOf('d2');
  finding.open('needle');
  searcher.take(printed(['a foreign needle']));
  expect(await said()).toBe('1 of 4');
  store.update((s) => pagesShown(s, { id: 'd2', name: 'b.pdf', pdf: { ...s.document!.pdf } }));
  expect(await said()).toBe('1 of 1 so far');
});

test('a letter in a book does not hold the window, and is counted up to a limit', async () => {
  open(Array.from({ length: 3_000 }, () => 'the needle of the pine '.repeat(80)));
  let turns = 0;
  const watch = setInterval(() => turns++, 1);
  finding.open('e');
  expect(await said()).toBe('1 of 100,000+');
  expect(finding.get().found.matches).toHaveLength(MOST_MATCHES);
  finding.change({ query: 'not there' });
  await said();
  clearInterval(watch);
  // Slices of some milliseconds, and whatever else is to be done in between.
  expect(turns).toBeGreaterThan(5);
});

test('matches are ticks along a strip, too many of them are bars, and pages that are not on it have none', async () => {
  open(Array.from({ length: 1_000 }, (_, i) => (i < 500 ? 'needle' : i === 750 ? 'pin' : 'hay')));
  const strip = (page: number, share: number) => (page > 950 ? undefined : (page - 1 + share) / 1_000);
  finding.open('pin');
  await said();
  expect(ticksOf(finding.get(), strip)).toEqual({ ticks: [[0.75, 0.75]], now: 0.75 });
  finding.change({ query: 'needle' });
  await said();
  expect(ticksOf(finding.get(), strip)).toEqual({ ticks: [[0, 0.5]], now: 0 });
  finding.change({ query: 'hay' });
  await said();
  expect(ticksOf(finding.get(), strip).ticks).toEqual([[0.5, 0.95]]);
});
