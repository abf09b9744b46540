// What the window can be told to do: one table, from which the palette (Ctrl K) and the list of keys (?) are made. Pure; acts.ts carries
// the commands out, keys.ts says which key asks for which.
import { layoutOf } from './engine/ribbon.ts';
import { modifier } from './modifier.ts';
import { backOf } from './places.ts';
import { answers, comparingShown, type State, shownSummary } from './state.ts';

export interface CommandRow {
  id: CommandId;
  does: string;
  keys?: readonly string[];
  /** Other words that a person may look for it by. */
  also?: string;
  /** Whether it can be done now; always where absent. */
  when?(now: State): boolean;
  /** Only by its key: whoever is in the palette is nowhere else. */
  keyOnly?: boolean;
}

const hasDocument = (now: State) => now.document !== undefined && !comparingShown(now);
const isRead = (now: State) => hasDocument(now) && now.document?.read !== undefined;
const hasRuns = (now: State) => hasDocument(now) && now.runs.length > 0;
const isFree = (now: State) => isRead(now) && now.job === undefined;

const rows = [
  { id: 'open', does: 'Open a document', keys: [modifier, 'O'], also: 'file pdf model import' },
  { id: 'palette', does: 'Search documents, replies and commands', keys: [modifier, 'K'], keyOnly: true },
  { id: 'find', does: 'Find in the document', keys: [modifier, 'F'], also: 'search words text', when: hasDocument },
  { id: 'findNext', does: 'Next match', keys: ['F3'], keyOnly: true },
  { id: 'findPrevious', does: 'Previous match', keys: ['Shift', 'F3'], keyOnly: true },
  {
    id: 'summarise',
    does: 'Summarise the document',
    also: 'summary',
    when: (now) => isFree(now) && (!now.document?.refused || now.document.wordsChoose === true),
  },
  { id: 'ask', does: 'Ask a question', also: 'answer', when: isRead },
  {
    id: 'stop',
    does: 'Stop reading, or close',
    keys: ['Esc'],
    when: (now) => now.job !== undefined || now.opening !== undefined,
  },
  { id: 'showSummary', does: 'Show the summary', when: (now) => hasDocument(now) && shownSummary(now) !== undefined },
  { id: 'showAnswers', does: 'Show the answers', when: (now) => hasDocument(now) && answers(now).length > 0 },
  { id: 'showText', does: 'Show what the model reads', also: 'text extracted', when: isRead },
  { id: 'showContents', does: 'Show the contents', also: 'outline bookmarks headings', when: isRead },
  { id: 'showThumbnails', does: 'Show the pages in small', also: 'thumbnails', when: hasDocument },
  { id: 'nextCitation', does: 'Next citation', keys: [']'], when: hasRuns },
  { id: 'previousCitation', does: 'Previous citation', keys: ['['], when: hasRuns },
  {
    id: 'back',
    does: 'Back to where you were',
    keys: ['Alt', '←'],
    when: (now) => hasDocument(now) && backOf(now) !== undefined,
  },
  {
    id: 'lens',
    does: 'Position lens',
    also: 'window interpolation rotary',
    when: (now) => isRead(now) && layoutOf(now) !== undefined,
  },
  {
    id: 'recognise',
    does: 'Recognise the text of scanned pages',
    also: 'ocr pictures',
    when: (now) => isFree(now) && hasPictures(now),
  },
  { id: 'exportMd', does: 'Export all replies as Markdown', also: 'save', when: hasRuns },
  { id: 'exportHtml', does: 'Export all replies as a web page', also: 'save html', when: hasRuns },
  { id: 'exportPdf', does: 'Export all replies as PDF', also: 'save print', when: hasRuns },
  { id: 'exportJson', does: 'Export all replies as JSON', also: 'save data', when: hasRuns },
  { id: 'compare', does: 'Ask several documents', also: 'compare', when: (now) => now.library.length > 1 },
  { id: 'models', does: 'Models', also: 'choose download import remove' },
  { id: 'selfTest', does: 'Test the model that reads', also: 'self-test passkey trust' },
  { id: 'settings', does: 'Settings', keys: [modifier, ','], also: 'options preferences memory language size delete' },
  { id: 'themeLight', does: 'Theme: light', also: 'bright colours', when: (now) => now.settings.theme !== 'light' },
  { id: 'themeDark', does: 'Theme: dark', also: 'night colours', when: (now) => now.settings.theme !== 'dark' },
  { id: 'themeSystem', does: 'Theme: as the system', also: 'colours', when: (now) => now.settings.theme !== 'system' },
  { id: 'zoomIn', does: 'Larger pages', keys: [modifier, '+'], also: 'zoom', when: hasDocument },
  { id: 'zoomOut', does: 'Smaller pages', keys: [modifier, '−'], also: 'zoom', when: hasDocument },
  { id: 'zoomFit', does: 'Pages fit the width', keys: [modifier, '0'], also: 'zoom', when: hasDocument },
  { id: 'nextPane', does: 'Next pane', keys: ['F6'], keyOnly: true },
  { id: 'previousPane', does: 'Previous pane', keys: ['Shift', 'F6'], keyOnly: true },
  { id: 'close', does: 'Close the document', also: 'start library', when: hasDocument },
  { id: 'keys', does: 'List of keys', keys: ['?'], also: 'keyboard shortcuts help' },
] as const satisfies readonly (Omit<CommandRow, 'id'> & { id: string })[];

export type CommandId = (typeof rows)[number]['id'];

export const commands: readonly CommandRow[] = rows;

const hasPictures = ({ document }: State) => document?.read?.pages.some(({ state }) => state === 'scanned') ?? false;

/** What the palette offers now. */
export const offered = (now: State): CommandRow[] =>
  commands.filter(({ when, keyOnly }) => !keyOnly && (when?.(now) ?? true));

/** The list behind `?`: commands with keys, and what keys do inside a box. */
export const keyList: readonly { keys: readonly string[]; does: string }[] = [
  ...commands.flatMap(({ keys, does }) => (keys ? [{ keys, does }] : [])),
  { keys: ['Enter'], does: 'Ask the question' },
  { keys: ['Shift', 'Enter'], does: 'New line in a question' },
  { keys: ['↑', '↓'], does: 'Block by block, in the text' },
  { keys: ['↑', '↓', 'Enter'], does: 'From page to page, in the small ones' },
];
