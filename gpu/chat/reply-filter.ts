// Hides what a model thinks aloud: the block between <think> and </think> with which a reply may begin. Marks are single tokens in most
// vocabularies and spelled out in others; both are seen. Later in a reply the same words are just words.
import type { ReplyFilter } from '../api.ts';

const open = '<think>';
const close = '</think>';

/** `ids`: the tokens that are the marks, where there are such. `thinking`: the reply begins inside a block. */
export function replyFilter(
  ids: { readonly open: number | undefined; readonly close: number | undefined },
  thinking: boolean,
): ReplyFilter {
  let state: 'before' | 'thinking' | 'answer' = thinking ? 'thinking' : 'before';
  let held = '';
  // White space between a block and the answer belongs to neither.
  let afterBlock = false;
  /** Moves on as far as what is held allows; what may be shown. */
  const settle = (): string => {
    if (state === 'before') {
      const begun = held.trimStart();
      if (begun.startsWith(open)) {
        state = 'thinking';
        held = begun.slice(open.length);
      } else if (!open.startsWith(begun)) {
        state = 'answer';
      }
    }
    if (state === 'thinking') {
      const end = held.indexOf(close);
      if (end < 0) {
        held = held.slice(-close.length);
        return '';
      }
      state = 'answer';
      afterBlock = true;
      held = held.slice(end + close.length);
    }
    if (state === 'before') return '';
    const shown = afterBlock ? held.trimStart() : held;
    if (shown !== '') afterBlock = false;
    held = '';
    return shown;
  };
  return {
    push({ id, text }) {
      if (id === ids.open && state === 'before') held = open;
      else if (id === ids.close && state === 'thinking') held = close;
      else held += text;
      return settle();
    },
    finish() {
      const rest = state === 'before' ? held : '';
      held = '';
      return rest;
    },
    get thinking() {
      return state === 'thinking';
    },
  };
}
