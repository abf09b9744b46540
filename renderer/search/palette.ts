// What the palette lists for what is typed: commands, documents of the library, replies that were made before, and the words
// themselves in the document on show. Pure.
import type { DocumentRow, FoundReply } from '../../main/common/api.ts';
import { findAll } from '../../reading/words/find.ts';
import { type CommandRow, offered } from '../commands.ts';
import { when } from '../format.ts';
import type { State } from '../state.ts';

/** Limits on everything: of each kind. */
const MOST = 8;

export type PaletteItem =
  | { kind: 'command'; key: string; text: string; command: CommandRow }
  | { kind: 'find'; key: string; text: string }
  | { kind: 'document'; key: string; text: string; facts: string; row: DocumentRow }
  | { kind: 'reply'; key: string; text: string; facts: string; snippet: string; reply: FoundReply };

export interface PaletteSection {
  title: string;
  items: PaletteItem[];
}

export const wordsOf = (typed: string): string[] => typed.split(/\s+/).filter(Boolean);

/** Whether words of the text begin with each of these, whatever their case and accents. */
const begin = (text: string, words: readonly string[]): boolean =>
  words.every((word) =>
    findAll(text, word).some(({ start }) => start === 0 || !/[\p{L}\p{N}]/u.test(text[start - 1]!)),
  );

/** Those whose own name begins with what is typed come first. */
function commandItems(now: State, words: readonly string[]): PaletteItem[] {
  const found = offered(now).filter(({ does, also = '' }) => begin(`${does} ${also}`, words));
  const named = (row: CommandRow) => (begin(row.does, words) ? 0 : 1);
  return found
    .sort((a, b) => named(a) - named(b))
    .slice(0, MOST)
    .map((command) => ({ kind: 'command', key: `command ${command.id}`, text: command.does, command }));
}

const documentItems = (now: State, words: readonly string[]): PaletteItem[] =>
  now.library
    .filter(({ title, name }) => words.every((word) => findAll(`${title}\n${name}`, word).length > 0))
    .slice(0, MOST)
    .map((row) => ({
      ...{ kind: 'document', key: `document ${row.id}`, text: row.title || row.name, row },
      facts: row.title && row.title !== row.name ? row.name : when(row.openedAt),
    }));

const replyItems = (found: readonly FoundReply[]): PaletteItem[] =>
  found.slice(0, MOST).map((reply) => ({
    ...{ kind: 'reply', key: `reply ${reply.id}`, reply, snippet: reply.snippet },
    text: reply.question ?? 'Summary',
    facts: reply.title,
  }));

/** Sections that have something in them. `found`: replies with these words. */
export function paletteFor(now: State, typed: string, found: readonly FoundReply[]): PaletteSection[] {
  const words = wordsOf(typed);
  const finds: PaletteItem[] =
    words.length > 0 && offered(now).some(({ id }) => id === 'find')
      ? [{ kind: 'find', key: 'find', text: `Find “${words.join(' ')}” in the document` }]
      : [];
  return [
    { title: 'Commands', items: commandItems(now, words) },
    { title: 'Documents', items: documentItems(now, words) },
    { title: 'Summaries and answers', items: words.length > 0 ? replyItems(found) : [] },
    { title: 'Document on show', items: finds },
  ].filter(({ items }) => items.length > 0);
}

/** A stretch of a text, and whether it is one of the words that were looked for. */
export interface Stretch {
  start: number;
  text: string;
  found: boolean;
}

export function stretchesOf(text: string, words: readonly string[]): Stretch[] {
  const matches = words.flatMap((word) => findAll(text, word)).sort((a, b) => a.start - b.start);
  const stretches: Stretch[] = [];
  let at = 0;
  const add = (end: number, found: boolean) => {
    if (end > at) stretches.push({ start: at, text: text.slice(at, end), found });
    at = Math.max(at, end);
  };
  for (const { start, end } of matches) {
    add(start, false);
    add(end, true);
  }
  add(text.length, false);
  return stretches;
}
