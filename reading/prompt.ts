// How a document and a task are laid out as token ids. A model with our control tokens was trained on the first form; any other
// model gets plain text. Text of a document goes through `encode` only, so it can never become a control token.
import type { Tokenizer } from '../gpu/api.ts';

export interface PromptFormat {
  /** Ids before the first sentence. */
  lead: number[];
  /** Ids in front of a sentence (its marker, or the space or line feed between two), and the sentence's own. */
  sentence(text: string, place: 'first' | 'same paragraph' | 'new paragraph'): { marker: number[]; ids: number[] };
  /** Ids between the document and its summary. */
  summary: number[];
  /** Ids between the document and the answer. */
  question(text: string): number[];
  /** What starts a quoted sentence, and what says that there is none: present in trained formats only. */
  quote?: number;
  none?: number;
}

export const promptFormat = (tokenizer: Tokenizer): PromptFormat => {
  const bos = tokenizer.bos === undefined ? [] : [tokenizer.bos];
  const ids = ['document', 'summary', 'question', 'answer', 'none', 'sentence'].map((name) =>
    tokenizer.control(`<|${name}|>`),
  );
  if (!ids.every((id) => id !== undefined)) return plainFormat(tokenizer, bos);
  const [document, summary, question, answer, none, sentence] = ids;
  return {
    lead: [...bos, document],
    sentence: (text) => ({ marker: [sentence], ids: tokenizer.encode(text) }),
    summary: [summary],
    question: (text) => [question, ...tokenizer.encode(text), answer],
    quote: sentence,
    none,
  };
};

const plainFormat = (tokenizer: Tokenizer, bos: number[]): PromptFormat => {
  // SentencePiece vocabularies put the space in front of every encoded text by themselves.
  const whole = tokenizer.encode('one two').join();
  const blank = whole === [...tokenizer.encode('one'), ...tokenizer.encode('two')].join() ? '' : ' ';
  const paragraph = tokenizer.encode('\n');
  return {
    lead: bos,
    sentence: (text, place) => ({
      marker: place === 'new paragraph' ? paragraph : [],
      ids: tokenizer.encode(place === 'same paragraph' ? blank + text : text),
    }),
    summary: tokenizer.encode('\n\nSummary of the text above in its own words:\n'),
    question: (text) => tokenizer.encode(`\n\nQuestion: ${text}\nAnswer from the text above:`),
  };
};
