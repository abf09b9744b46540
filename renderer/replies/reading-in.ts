// Reading the open document into the model behind replies that words alone have chosen already, for the questions to come: nobody waits for
// it, whatever else is asked of the model ends it, and what was read stays read.
import type { StageProgress } from '../../reading/document.ts';
import { Stopped } from '../engine/reader-client.ts';
import type { Means } from '../means.ts';
import { kindOf, problemOf } from '../problems.ts';
import * as state from '../state.ts';
import { subjectOf } from './subject.ts';

export interface ReadingIn {
  /** Goes on where it was. Nothing where the model need not, or has read all of it. */
  readIn(): Promise<void>;
  stopReadingIn(): void;
}

const NOT_READ_IN = 'The model could not read the document. Answers are chosen by words alone.';
const NO_GPU = 'No graphics device was found for the model. Answers are chosen by words alone.';

export function createReadingIn({ store, reader }: Pick<Means, 'store' | 'reader'>): ReadingIn {
  let running: AbortController | undefined;
  return {
    async readIn() {
      const of = subjectOf(store.get());
      const { document } = store.get();
      if (!of || !document?.wordsChoose || document.refused) return;
      const { chosen, readIn } = document;
      if (chosen.inParts || readIn?.progress || readIn?.done) return;
      const mine = new AbortController();
      running?.abort();
      running = mine;
      // With another model, or other pages, it is another window.
      const change = (now: state.OpenDocument['readIn']) =>
        store.update((s) =>
          s.document?.chosen === chosen && running === mine ? state.documentChanged(s, of.id, { readIn: now }) : s,
        );
      change({ progress: { stage: 'model', done: 0, total: 1 } });
      try {
        const onProgress = (progress: StageProgress) => change({ progress });
        await reader.ask({ ask: 'read-in', of }, { signal: mine.signal, onProgress });
        change({ done: true });
      } catch (error) {
        change(endOf(error, mine.signal.aborted));
      }
    },
    stopReadingIn: () => running?.abort(),
  };
}

/** Ended by another question, or too long for the window: nothing. It goes on after the next reply. */
const endOf = (error: unknown, stopped: boolean): state.OpenDocument['readIn'] => {
  if (error instanceof Stopped) return stopped ? { stopped } : undefined;
  const kind = kindOf(error);
  if (kind === 'window-full') return undefined;
  return { problem: kind === 'no-gpu' ? NO_GPU : problemOf(error, NOT_READ_IN).sentence };
};
