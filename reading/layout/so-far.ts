// What can be searched of a document whose pages are still being read: its pages laid out some at a time, each lot by itself. Where a
// paragraph goes on, which lines are running heads and which hyphens fall away is known of the whole alone, when it is laid out anew.
import type { PageRead } from '../pdf/page.ts';
import { type Letters, LettersWriter } from './letters.ts';
import { type PackedText, unpackText } from './packed.ts';
import { layOut } from './text.ts';

/** A text, and where its letters are printed. */
export interface PrintedText {
  text: string;
  letters: Letters;
}

/** Laid out in one go, some milliseconds each. */
const MOST_PAGES = 50;

export class SoFar {
  #waiting: PackedText[] = [];

  add({ text }: PageRead): void {
    if (text) this.#waiting.push(text);
  }

  /** The next pages that were not taken yet, where any of them have text. */
  take(): PrintedText | undefined {
    while (this.#waiting.length > 0) {
      const pages = this.#waiting.splice(0, MOST_PAGES);
      const letters = new LettersWriter();
      const unpacked = { [Symbol.iterator]: () => pages.values().map((page) => unpackText(page)) };
      const { text } = layOut(unpacked, { letters });
      if (text !== '') return { text, letters: letters.end() };
    }
    return undefined;
  }
}
