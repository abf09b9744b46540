// Text of messages on its way through a chat template. Before a template sees it, every character but white space becomes one of a
// private plane, one to one, so that it can be trimmed, joined and measured but never matches a mark or a control token, whatever it
// spells. When the template is done, what comes from a message is known character by character.
import type { ChatPart } from '../api.ts';

/** UTF-16 unit u of a text is U+F0000 + u; part k that was given as ids is U+100000 + k. */
const textPlane = 0xf_0000;
const partPlane = 0x10_0000;

export const mostParts = 0xffff;

/** `firstPart`: the number of the first part that is a list of ids. */
export function shield(content: string | readonly ChatPart[], firstPart = 0): string {
  let part = firstPart;
  const parts = typeof content === 'string' ? [content] : content;
  return parts
    .map((one) => (typeof one === 'string' ? shieldText(one) : String.fromCodePoint(partPlane + part++)))
    .join('');
}

function shieldText(text: string): string {
  let shielded = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    shielded += /\s/.test(character) ? character : String.fromCodePoint(textPlane + text.charCodeAt(i));
  }
  return shielded;
}

/** A run of a rendered prompt: of the template itself, of a message's text, or the number of a part that was given as ids. */
export type Run = { from: 'template' | 'message'; text: string } | { from: 'part'; index: number };

/** The rendered prompt cut into runs, message text in clear again. White space counts as the template's. */
export function runsOf(rendered: string): Run[] {
  const runs: Run[] = [];
  let from: 'template' | 'message' = 'template';
  let text = '';
  const flush = () => {
    if (text !== '') runs.push({ from, text });
    text = '';
  };
  for (const character of rendered) {
    const code = character.codePointAt(0)!;
    if (code >= partPlane) {
      flush();
      runs.push({ from: 'part', index: code - partPlane });
      continue;
    }
    const now = code >= textPlane ? 'message' : 'template';
    if (now !== from) flush();
    from = now;
    text += code >= textPlane ? String.fromCharCode(code - textPlane) : character;
  }
  flush();
  return runs;
}

/** Only what is shielded: equal for what goes into a template and what comes out when nothing was lost, repeated or moved. */
export const shieldedOnly = (text: string): string => text.replace(/[^\u{f0000}-\u{10ffff}]+/gu, '');
