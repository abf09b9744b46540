// Numbers, spans of time and page ranges as a reader says them. Pure functions, English.
import type { Reply } from '../reading/document.ts';

const grouped = new Intl.NumberFormat('en');

/** 28412 → "28,412". */
export const count = (value: number): string => grouped.format(Math.round(value));

/** `plural(1, 'page')` → "1 page", `plural(1200, 'word')` → "1,200 words". */
export const plural = (value: number, unit: string): string => `${count(value)} ${unit}${value === 1 ? '' : 's'}`;

/** Bytes: "5.6 MB", "2.49 GB". */
export function size(bytes: number): string {
  if (bytes < 1e6) return `${bytes > 0 ? Math.max(1, Math.round(bytes / 1e3)) : 0} kB`;
  return bytes < 1e9
    ? `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`
    : `${(bytes / 1e9).toFixed(bytes < 1e10 ? 2 : 1)} GB`;
}

/** How far of how much, in the larger one's unit: "1.20 of 2.49 GB". */
export function sizes(done: number, total: number): string {
  const [unit, scale, digits] = total < 1e9 ? ['MB', 1e6, total < 1e8 ? 1 : 0] : ['GB', 1e9, 2];
  return `${(done / Number(scale)).toFixed(Number(digits))} of ${(total / Number(scale)).toFixed(Number(digits))} ${unit}`;
}

/** Seconds that something may take, no finer than can be known beforehand: "15 s", "47 min", "3 h". */
export function roughSpan(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 90 * 60 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** Seconds left, coarser the further away: "3 s left", "about 2 min left". */
export function timeLeft(seconds: number): string {
  if (seconds < 1) return 'almost done';
  return `${seconds < 90 ? '' : 'about '}${roughSpan(seconds)} left`;
}

/** Milliseconds as a span: "0.4 s", "12 s", "3 min 5 s". */
export function span(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** [[1, 3], [5, 5]] → "1–3, 5". */
export const ranges = (pages: readonly (readonly [number, number])[]): string =>
  pages.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ');

/** "page 5", "pages 1–42". */
export function pagesPhrase(pages: readonly (readonly [number, number])[]): string {
  if (pages.length === 0) return 'no page';
  const one = pages.length === 1 && pages[0]![0] === pages[0]![1];
  return `${one ? 'page' : 'pages'} ${ranges(pages)}`;
}

/** Time that the whole reply took, in milliseconds. */
export const replyTime = (reply: Reply): number => reply.timing.prefillMs + reply.timing.rankMs;

/** ISO date → "today, 14:02", "yesterday, 23:00", "3 Nov", "3 Nov 2024", seen from `now`. */
export function when(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const day = (d: Date) => Math.round(new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime() / 86_400_000);
  const ago = day(now) - day(date);
  const clock = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (ago === 0) return `today, ${clock}`;
  if (ago === 1) return `yesterday, ${clock}`;
  const year = date.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year });
}

/** Share of a stage that is done, 0 … 1. */
export const share = (done: number, total: number): number => (total > 0 ? Math.min(1, Math.max(0, done / total)) : 0);
