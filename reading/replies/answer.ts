// An answer in prose: written after the document by a model that follows instructions, then compared with the document. An answer
// of which nothing is borne out is not shown: quotations take its place where words find some, else the document does not say.
import type { Engine } from '../../gpu/api.ts';
import type { ReadDocument, Reply, WindowPlan } from '../document.ts';
import { NOT_SAID, questionTask } from '../prompt.ts';
import { findByWords } from '../words/evidence.ts';
import { createAligner } from './align.ts';
import { type AskOptions, ask, FOUND_LIMITS, readSentences } from './ask.ts';
import { type DrawnOptions, expectWriter, proseSentence, writeProse } from './prose.ts';
import { type RunReport, replyOf, type WritingOptions } from './rank.ts';

export type AnswerOptions = AskOptions & WritingOptions & DrawnOptions;

/** Sentences of an answer when nothing is said of their number. */
const USUAL = 3;

/** The model said that it is not there, in these words or in others that are usual. */
const isRefusal = (text: string): boolean =>
  text.toLowerCase().startsWith(NOT_SAID.slice(0, -1).toLowerCase()) ||
  /\b(?:document|text|report|passage)\b[^.]{0,40}\b(?:does not|doesn't|do not|don't) (?:say|mention|state|answer|contain|provide|specify|give|address)\b/i.test(
    text,
  );

/** The document must be the one that `plan` was made of; `question` is one that `checkQuestion` let pass. */
export const answerInProse = async (
  engine: Engine,
  document: ReadDocument,
  plan: WindowPlan,
  question: string,
  options: AnswerOptions,
): Promise<Reply> => {
  const task = expectWriter(engine)(questionTask(question), options.thread);
  const report: RunReport = { extractMs: options.extractMs ?? 0 };
  const aligner = createAligner(document, readSentences(document, plan));
  const count = options.sentences ?? USUAL;
  const written = await writeProse(engine, document, plan, task, aligner, { ...options, count }, report);
  const said = written.filter(({ text }) => !isRefusal(text));
  const reply: Reply = {
    kind: 'answer',
    mode: 'prose',
    question,
    found: said.some(({ status }) => status !== 'unverified'),
    sentences: said.map((one) => proseSentence(document, one)),
    ...options.drawing,
    ...replyOf(engine, plan.receipt, report),
  };
  if (reply.found) return reply;
  const refused = written.length > said.length && said.length === 0;
  const [best] = findByWords(document, options.searched ?? readSentences(document, plan), question, { most: 1 });
  // What the model does not find, and words hardly do, is not there.
  if (!best || best.evidence < (refused ? FOUND_LIMITS.sure : FOUND_LIMITS.least)) return { ...reply, sentences: [] };
  return ask(engine, document, plan, question, options);
};
