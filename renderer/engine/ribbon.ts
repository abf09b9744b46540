// Where the pages of a document lie in the model's window, token by token: what the context ribbon draws.
import type { ReadDocument, WindowPlan, WindowReceipt } from '../../reading/document.ts';
import { count, pagesPhrase } from '../format.ts';
import { type State, shownSummary } from '../state.ts';
import type { PageSpan, PartSpan, WindowLayout } from './engine-protocol.ts';

/** The window that Longleaf lays documents into, in tokens. */
export const WINDOW_TOKENS = 32_768;

/** From the plan of the window: a page reaches from its first sentence to the first of the next page. */
export function layoutOfPlan(document: ReadDocument, plan: WindowPlan): WindowLayout {
  const pages: PageSpan[] = [];
  for (const { sentence, start, end } of plan.spans) {
    const { page } = document.sentences[sentence]!;
    const last = pages.at(-1);
    if (last?.page === page) last.end = end;
    else {
      if (last) last.end = start;
      pages.push({ page, start, end });
    }
  }
  return { receipt: plan.receipt, pages };
}

/** From a stored receipt alone: its tokens shared out among the pages by their length in characters. */
export function layoutOfReceipt(document: ReadDocument, receipt: WindowReceipt): WindowLayout {
  const read = document.pages.filter(({ number }) =>
    receipt.pagesRead.some(([first, last]) => number >= first && number <= last),
  );
  const characters = read.reduce((sum, page) => sum + page.end - page.start, 0);
  const pages: PageSpan[] = [];
  let at = 0;
  for (const page of read) {
    const length = characters ? ((page.end - page.start) / characters) * receipt.tokens : 0;
    if (length > 0) pages.push({ page: page.number, start: Math.round(at), end: Math.round(at + length) });
    at += length;
  }
  return { receipt, pages };
}

/** What was counted for the open document, or what a stored reply says of it. */
export function layoutOf(now: State): WindowLayout | undefined {
  const { document } = now;
  if (document?.layout) return document.layout;
  const reply = shownSummary(now)?.reply ?? now.runs.at(-1)?.reply;
  return document?.read && reply ? layoutOfReceipt(document.read, reply.window) : undefined;
}

/** How a page's tokens stand to the trained range: all inside it, all past it, or across its end. */
export function reachOf(span: PageSpan, native: number): 'trained' | 'across' | 'stretched' {
  if (span.end <= native) return 'trained';
  return span.start >= native ? 'stretched' : 'across';
}

/** The page at a share (0 … 1) of the tokens that the document takes. */
export function pageAtShare(pages: readonly PageSpan[], at: number): PageSpan | undefined {
  const first = pages[0];
  const last = pages.at(-1);
  if (!first || !last) return undefined;
  const token = first.start + at * (last.end - first.start);
  return pages.find(({ end }) => token < end) ?? last;
}

const REACH = {
  trained: 'within the trained range',
  across: 'across the end of the trained range',
  stretched: 'past the trained range, interpolated',
};

/** "Page 12: tokens 8,120–8,840, past the trained range, interpolated". */
export const describePage = (span: PageSpan, native: number): string =>
  `Page ${span.page}: tokens ${count(span.start)}–${count(span.end)}, ${REACH[reachOf(span, native)]}`;

/** The whole ribbon in one or two sentences, for those who do not see it. */
export function describeWindow({ receipt, pages }: WindowLayout): string {
  const taken = `${count(receipt.tokens)} of ${count(WINDOW_TOKENS)} tokens of the window are taken`;
  const held = pages.length ? ` by ${pagesPhrase(receipt.pagesRead)}` : '';
  const trained =
    receipt.factor > 1
      ? ` The model was trained on ${count(receipt.native)} tokens; positions are interpolated by ${receipt.factor} to reach further.`
      : ` All of it lies within the ${count(receipt.native)} tokens the model was trained on.`;
  const out = receipt.pagesLeftOut.length ? ` Left out: ${pagesPhrase(receipt.pagesLeftOut)}.` : '';
  return `${taken}${held}.${trained}${out}`;
}

/** Index of the part that is being read once `done` tokens were; undefined when all parts are. */
export function partAt(parts: readonly PartSpan[], done: number): number | undefined {
  let end = 0;
  const at = parts.findIndex(({ tokens }) => {
    end += tokens;
    return done < end;
  });
  return at < 0 ? undefined : at;
}
