// Where the open document's pages lie in the window of the chosen model; or, when they are too many, the parts in which they would
// be read and how long that takes. What is wrong with a model is said when it is asked to read, not before.
import type { Means } from '../means.ts';
import { kindOf, problemOf } from '../problems.ts';
import { subjectOf } from '../replies/subject.ts';
import * as state from '../state.ts';
import type { Failure } from './engine-protocol.ts';

const NOT_LAID_OUT = 'The pages could not be counted. Open the document again.';

/** The open document is laid out anew, with another factor; what was chosen of its pages stays. */
export async function readWith(means: Pick<Means, 'store' | 'reader'>, ropeFactor: number): Promise<void> {
  const { document } = means.store.get();
  if (!document) return;
  const { pages } = document.chosen;
  means.store.update((s) => state.layoutForgotten(s, { pages, ropeFactor }));
  await layOut(means, document.id);
}

export async function layOut({ store, reader }: Pick<Means, 'store' | 'reader'>, id: string): Promise<void> {
  // What was read is drawn first: handing a long document over takes a while of its own.
  await new Promise((drawn) => setTimeout(drawn, 0));
  const of = subjectOf(store.get());
  if (!of || of.id !== id) return;
  const change = (facts: Partial<state.OpenDocument>) => store.update((s) => state.documentChanged(s, id, facts));
  try {
    change(await reader.ask({ ask: 'manner', of }));
    change(await reader.ask({ ask: 'layout', of }));
  } catch (error) {
    if (kindOf(error) !== 'window-full') return;
    change({ refused: problemOf(error, NOT_LAID_OUT), choice: (error as Partial<Failure>).choice });
    // Neither is needed to choose: when they cannot be had, the choice is shown without them.
    const parts = await reader.ask({ ask: 'parts', of }).catch(() => undefined);
    change({ parts });
    // How long it takes to read them is of interest only where they have to be.
    const { job, document } = store.get();
    if (job || !parts || document?.wordsChoose) return;
    change({ partsSeconds: await reader.ask({ ask: 'estimate', of }).catch(() => undefined) });
  }
}
