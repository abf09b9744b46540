// An error as a reader meets it: one plain sentence and one thing to do. Only sentences that our own code wrote are shown;
// anything else becomes a general one, and its details go to the console without document text.
import { SCANNED } from '../reading/layout/assemble.ts';

export type Remedy =
  | { kind: 'open' }
  | { kind: 'retry' }
  /** What was removed last is put back. */
  | { kind: 'undo' }
  /** A scan: its text can be recognised. */
  | { kind: 'recognise' }
  /** The document does not fit: these of its pages do. */
  | { kind: 'pages'; pages: [number, number] };

export interface Problem {
  sentence: string;
  remedy?: Remedy;
  /** Nothing went wrong: it is a word about what was done. */
  notice?: boolean;
}

const OTHER_FILE = new Set([
  'empty-file',
  'not-a-pdf',
  'damaged',
  'locked',
  'no-pages',
  'no-text',
  'too-large',
  'too-slow',
]);
const AGAIN = new Set(['device-lost', 'busy', 'disk-full', 'disk', 'unforeseen']);
const OURS = new Set(['ReadingError', 'EngineError', 'MainError']);

/** Kind of one of our own errors; they keep name, kind and message when they cross from a worker. */
export const kindOf = (error: unknown): string => {
  const { name, kind } = (error ?? {}) as { name?: unknown; kind?: unknown };
  return OURS.has(String(name)) ? String(kind) : '';
};

/** Its password opens it. */
export const isLocked = (error: unknown): boolean => ['locked', 'wrong-password'].includes(kindOf(error));

function remedyOf(kind: string, detail: string): Remedy | undefined {
  const fits = kind === 'window-full' ? /^fits: (\d+)-(\d+)$/.exec(detail) : null;
  if (fits) return { kind: 'pages', pages: [Number(fits[1]), Number(fits[2])] };
  if (kind === 'no-text' && detail === SCANNED) return { kind: 'recognise' };
  if (OTHER_FILE.has(kind)) return { kind: 'open' };
  return AGAIN.has(kind) ? { kind: 'retry' } : undefined;
}

/** `otherwise` is said of errors that are not our own. */
export function problemOf(error: unknown, otherwise: string): Problem {
  const kind = kindOf(error);
  if (kind === '') {
    console.error('unforeseen:', error instanceof Error ? error.name : typeof error);
    return { sentence: otherwise, remedy: { kind: 'retry' } };
  }
  const { message, detail = '' } = error as Error & { detail?: string };
  return { sentence: message, remedy: remedyOf(kind, detail) };
}
