// A reply as Markdown: each quotation with its page, and the receipt of what was read and how.
import type { ReadDocument, Reply, ReplySentence } from './document.ts';

export const toMarkdown = (document: Pick<ReadDocument, 'title' | 'pages'>, reply: Reply): string => {
  const heading = reply.kind === 'summary' ? 'Summary' : `Question: ${inline(reply.question ?? '')}`;
  const body = reply.found ? reply.sentences.map(quoteLine) : ['The document does not say.'];
  return [`# ${inline(document.title)}`, `## ${heading}`, ...body, '---', receipt(document, reply)]
    .join('\n\n')
    .concat('\n');
};

const quoteLine = (sentence: ReplySentence): string => {
  const pages = sentence.citations.map(
    ({ page, label, status }) =>
      `p. ${page}${label ? ` (${inline(label)})` : ''}${status === 'verified' ? '' : `, ${status}`}`,
  );
  return `- ${inline(sentence.text)} (${pages.join('; ')})`;
};

const receipt = (document: Pick<ReadDocument, 'pages'>, { window, model, adapter, timing }: Reply): string => {
  const ranges = (list: readonly [number, number][]): string =>
    list.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
  const leftOut = window.pagesLeftOut.length > 0 ? `; left out: ${ranges(window.pagesLeftOut)}` : '';
  const seconds = (timing.extractMs + timing.prefillMs + timing.rankMs) / 1000;
  return [
    `Read pages ${ranges(window.pagesRead)} of ${document.pages.length}${leftOut}.`,
    `${window.tokens.toLocaleString('en')} tokens in a window of ${window.capacity.toLocaleString('en')} (trained on ${window.native.toLocaleString('en')}, Position Interpolation x${window.factor}).`,
    `${inline(model.name)} (${inline(model.architecture)}, ${model.types.map(inline).join(', ')}) on ${inline(adapter.name)}, ${seconds.toFixed(1)} s.`,
  ].join('\n');
};

/** Text of a document is shown as text: no markup of its own, no link, no image. */
const inline = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>#|!~]/g, '\\$&');
