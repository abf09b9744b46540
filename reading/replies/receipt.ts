// The receipt of a reply as names and values: what read it, how much of the document, how the window was stretched, and how long
// it took. The same lines stand in the window, in every export and in the terminal's history.
import type { Reply } from '../document.ts';

const number = (value: number): string => Math.round(value).toLocaleString('en');

/** [[1, 3], [5, 5]] as "1–3, 5". */
export const pageRanges = (ranges: readonly (readonly [number, number])[]): string =>
  ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ');

const pagesOf = (ranges: readonly (readonly [number, number])[]): string =>
  `${ranges.length === 1 && ranges[0]![0] === ranges[0]![1] ? 'page' : 'pages'} ${pageRanges(ranges)}`;

const span = (milliseconds: number): string => {
  const seconds = milliseconds / 1000;
  if (seconds < 0.05) return 'under 0.1 s';
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(Math.round(seconds) / 60)} min ${Math.round(seconds) % 60} s`;
};

/** Tokens of the document read per second, or undefined where nothing was read anew. */
export const tokensPerSecond = ({ timing }: Pick<Reply, 'timing'>): number | undefined =>
  timing.prefillTokens > 0 && timing.prefillMs > 0 ? (timing.prefillTokens / timing.prefillMs) * 1000 : undefined;

const seedOf = ({ seed, temperature }: Reply): string => {
  if (seed === undefined) return 'none: the likeliest is always taken';
  return temperature === undefined ? `${seed}` : `${seed}, temperature ${temperature}`;
};

/** `pages` of the document; `createdAt` in ISO 8601. */
export const receiptFacts = (reply: Reply, pages: number, createdAt?: string): [string, string][] => {
  const { window, model, adapter } = reply;
  const read: [string, string][] = [
    ['Pages read', `${pageRanges(window.pagesRead) || 'none'} of ${number(pages)}`],
    ...fact('Text recognised', window.pagesRecognised && `on ${pagesOf(window.pagesRecognised)}; it may hold mistakes`),
    ...fact('Read in', reply.parts && `${number(reply.parts.length)} parts`),
    ['Pages left out', pageRanges(window.pagesLeftOut) || 'none'],
  ];
  const end: [string, string][] = [['Time', timeOf(reply)], ...fact('Made', createdAt)];
  if (!adapter) return [['Chosen by', 'words alone; the model was not asked'], ...read, ...end];
  return [
    ['Model', `${model.name} (${model.architecture}, ${model.types.join(', ')})`],
    ...fact('Model file, SHA-256', model.sha256),
    ['Position scaling', `${model.rope ?? 'linear'}, factor ${window.factor}`],
    ['Window', windowOf(reply)],
    ...read,
    ['Seed', seedOf(reply)],
    ...fact('Keys and values', reply.kvType),
    ['Computed by', adapter.software ? `${adapter.name} (software)` : adapter.name],
    ...end,
  ];
};

const windowOf = ({ window, timing }: Reply): string => {
  const reused = timing.reusedTokens > 0 ? `, ${number(timing.reusedTokens)} of them read before` : '';
  return `${number(window.tokens)} tokens of ${number(window.capacity)}${reused}; trained on ${number(window.native)}`;
};

const timeOf = (reply: Reply): string => {
  const { extractMs, prefillMs, rankMs, decodeMs = 0, restoreMs = 0 } = reply.timing;
  const speed = tokensPerSecond(reply);
  return `${span(extractMs + prefillMs + rankMs + decodeMs + restoreMs)}${speed === undefined ? '' : `, ${number(speed)} tokens a second`}`;
};

const fact = (name: string, value: string | undefined): [string, string][] =>
  value === undefined ? [] : [[name, value]];
