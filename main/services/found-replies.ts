// Replies in which words were found, each with some of its own words around them, for a list to choose from.
import type { FoundReply } from '../common/api.ts';
import { type FoundRun, folded, type History, wordsOf } from './history.ts';

const MOST_REPLIES = 20;
/** Characters of a snippet, and of them before the word that was found. */
const [LENGTH, BEFORE] = [160, 50];

/** `history` finds all of the words; fewer than two characters find nothing. */
export const findReplies = (history: Pick<History, 'search'>, query: string): FoundReply[] => {
  const words = wordsOf(query);
  if (words.join('').length < 2) return [];
  return history
    .search(query)
    .slice(0, MOST_REPLIES)
    .map(({ id, documentId, createdAt, title, name, reply }) => ({
      ...{ id, documentId, createdAt, title: title || name, kind: reply.kind },
      ...(reply.question !== undefined && { question: reply.question }),
      snippet: snippetOf(reply, words),
    }));
};

/** The sentence with most of the words; where they stand in the question or the title alone, the first. */
const snippetOf = ({ sentences }: FoundRun['reply'], words: readonly string[]): string => {
  const count = (text: string): number => words.filter((word) => folded(text).includes(word)).length;
  const best = sentences.reduce((a, b) => (count(b.text) > count(a.text) ? b : a), sentences[0] ?? { text: '' });
  return cut(best.text, words);
};

const cut = (text: string, words: readonly string[]): string => {
  if (text.length <= LENGTH) return text;
  const plain = folded(text);
  const at = words.map((word) => plain.indexOf(word)).filter((place) => place >= 0);
  // Folding moves letters a little, if at all.
  const from = Math.max(0, Math.min(...at, text.length) - BEFORE);
  const start = from === 0 || at.length === 0 ? 0 : text.indexOf(' ', from) + 1;
  const end = start + LENGTH < text.length ? text.lastIndexOf(' ', start + LENGTH) : text.length;
  return `${start > 0 ? '… ' : ''}${text.slice(start, end > start ? end : start + LENGTH)}${end < text.length ? ' …' : ''}`;
};
