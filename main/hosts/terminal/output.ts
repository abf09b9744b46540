// What a command says. Results go to stdout and everything else to stderr, so that `longleaf … --json | …` holds one JSON object.
// Text that came from a document or a model file is shown without control characters: it must not drive the terminal.
import type { WriteStream } from 'node:tty';

const write = (stream: NodeJS.WriteStream, text: string): Promise<void> =>
  new Promise((done) => {
    stream.write(text, () => done());
  });

/** A result, with a line feed after it. Resolves when it has left this process. */
export const print = (text: string): Promise<void> => write(process.stdout, `${text}\n`);

export const printJson = (value: object): Promise<void> => print(JSON.stringify(value));

/** A line for the person at the terminal. */
export const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Control characters (C0, C1, and the marks that turn the direction of text) as U+FFFD; tabs, line and form feeds stay. */
export const plain = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  text.replace(/[\u0000-\u0008\u000b\u000d-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');

/** Columns for running text. */
export const textWidth = (stream: Pick<WriteStream, 'columns'> = process.stdout): number =>
  Math.min(Math.max(stream.columns || 80, 40), 88);

/** `text` in lines of at most `width` characters, each after `indent`, the first after `first`; no-break spaces hold words together. */
export function wrap(text: string, width: number, first = '', indent = ' '.repeat(first.length)): string {
  const lines: string[] = [];
  let line = first;
  let words = 0;
  for (const word of text.split(/[^\S\u00a0]+/).filter(Boolean)) {
    if (words > 0 && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      words = 0;
    }
    line += words++ > 0 ? ` ${word}` : word;
  }
  return [...lines, line].join('\n');
}

/** [[1, 3], [7, 7]] as "1-3, 7". */
export const pageList = (ranges: readonly (readonly [number, number])[]): string =>
  ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');

/** Bytes for people: "5.6 MB", "1.12 GB". */
export const size = (bytes: number): string =>
  bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;

export const duration = (milliseconds: number): string => {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
};
