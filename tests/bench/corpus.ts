// Documents with references and questions with answers, from the folder `shared` beside the repository; it is no part of a clone.
// Every set is parted in two by a fingerprint of its titles: one half to fit on, the other to measure on.
import { existsSync, readFileSync } from 'node:fs';
import { crc32, gunzipSync } from 'node:zlib';
import type { ReadDocument } from '../../reading/document.ts';
import { splitSentences } from '../../reading/layout/sentences.ts';
import { fingerprint } from '../../reading/long/checkpoints.ts';
import { type MadePage, makeDocument } from '../reading/made-document.ts';

const folder = new URL('../../../shared/corpus/', import.meta.url);

const rows = <T>(name: string): T[] => {
  const file = new URL(name, folder);
  if (!existsSync(file)) return [];
  return gunzipSync(readFileSync(file))
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
};

export type Half = 'fit' | 'measure';
export const HALVES: readonly Half[] = ['fit', 'measure'];
export const halfOf = (title: string): Half => (parseInt(fingerprint(title).slice(-2), 16) % 2 ? 'measure' : 'fit');

/** The first `perHalf` of each half. */
const perHalfOf = <T extends { half: Half }>(all: readonly T[], perHalf: number): T[] =>
  HALVES.flatMap((half) => all.filter((one) => one.half === half).slice(0, perHalf));

/** Whether training kept a document for validation: one in `of` (training/corpus.py, `held_out`). */
const isUnseen = (source: string, id: string, of = 20): boolean => crc32(`${source}/${id}`) % of === 0;

export interface Choice {
  /** Only documents that Longleaf Sprig was not trained on, for what its own view is worth. */
  unseen?: boolean;
  /** The title stands above the text, as on paper and in training; else it is known and in no sentence. */
  titled?: boolean;
}

const withTitle = (paragraphs: string[][], title: string, titled: boolean | undefined): MadePage =>
  titled ? [[{ heading: title }], ...paragraphs] : paragraphs;

export interface Summarized {
  half: Half;
  document: ReadDocument;
  references: string[];
  /** Sentences that a summary of it has here. */
  count: number;
}

export interface Asked {
  half: Half;
  document: ReadDocument;
  questions: { question: string; isAnswer(text: string, index: number): boolean }[];
}

const sentencesOf = (text: string): string[] => splitSentences(text, 0, text.length).map(([a, b]) => text.slice(a, b));

/** Abstracts of papers, each with one-sentence summaries by people. */
export const scitldr = (perHalf: number, { unseen }: Choice = {}): Summarized[] => {
  interface Row {
    split: string;
    title?: string;
    id?: string;
    sentences: string[];
    tldr: string[];
  }
  const all = rows<Row>('scitldr-a.jsonl.gz')
    .filter(({ split, sentences }) => (unseen ? split === 'dev' : split !== 'test') && sentences.length > 2)
    .map(({ title = '', sentences, tldr }) => ({
      half: halfOf(title),
      document: makeDocument([[sentences]], title),
      references: tldr,
      count: 1,
    }));
  return perHalfOf(all, perHalf);
};

/** Sections of textbooks with the summaries that stand at their ends. */
export const openstax = (perHalf: number, { unseen }: Choice = {}): Summarized[] => {
  interface Row {
    module: string;
    title: string;
    text: string;
    summary?: string;
  }
  const all = rows<Row>('openstax.jsonl.gz').flatMap(({ module, title, text, summary }): Summarized[] => {
    if (!summary || text.length > 24_000 || (unseen && !isUnseen('openstax', module))) return [];
    const paragraphs = text
      .split(/\n\n+/)
      .map((paragraph) =>
        /^#+ /.test(paragraph) ? [{ heading: paragraph.replace(/^#+ /, '') }] : sentencesOf(paragraph),
      );
    const document = makeDocument([paragraphs.filter((paragraph) => paragraph.length > 0)], title);
    return [{ half: halfOf(module), document, references: [summary], count: 5 }];
  });
  return perHalfOf(all, perHalf);
};

/** Science fiction of 4,000 to 6,000 words with people's accounts of what happens. */
export const stories = (perHalf: number): Summarized[] => {
  interface Row {
    id: string;
    document: string;
    questions: { question: string; responses: string[] }[];
  }
  const all = rows<Row>('squality.jsonl.gz').flatMap(({ id, document: text, questions }): Summarized[] => {
    const plot = questions.find(({ question }) => /plot/i.test(question));
    const paragraphs = text.split(/\n\s*\n+/).map((one) => sentencesOf(one.replace(/\s+/g, ' ').trim()));
    const document = makeDocument([paragraphs.filter((paragraph) => paragraph.length > 0)], '');
    return plot ? [{ half: halfOf(id), document, references: plot.responses, count: 8 }] : [];
  });
  return perHalfOf(all, perHalf);
};

/** Minutes of meetings, word for word, with a summary of each. */
export const meetings = (perHalf: number): Summarized[] => {
  interface Row {
    meeting_transcripts: { content: string }[];
    general_query_list: { answer: string }[];
  }
  const all = rows<Row>('qmsum.jsonl.gz').flatMap(({ meeting_transcripts: turns, general_query_list: [asked] }) => {
    if (!asked) return [];
    const paragraphs = turns.map(({ content }) => sentencesOf(content)).filter((paragraph) => paragraph.length > 0);
    const document = makeDocument([paragraphs], '');
    return [{ half: halfOf(asked.answer), document, references: [asked.answer], count: 6 }];
  });
  return perHalfOf(all, perHalf);
};

interface SquadRow {
  title: string;
  paragraphs: { context: string; qas: { question: string; answers: string[]; is_impossible: boolean }[] }[];
}

const articleOf = ({ title, paragraphs }: SquadRow, titled?: boolean): ReadDocument => {
  const name = title.replaceAll('_', ' ');
  const text = paragraphs.map(({ context }) => sentencesOf(context));
  return makeDocument([withTitle(text, name, titled)], name);
};

/** `perHalf` Wikipedia articles, whole, with every `step`th question that they answer. */
export const squad = (perHalf: number, step: number, { unseen, titled }: Choice = {}): Asked[] => {
  const articles = rows<SquadRow>('squad-dev.jsonl.gz').filter(({ title }) => !unseen || isUnseen('squad', title, 8));
  const all = articles.map((row): Asked => {
    const asked = row.paragraphs.flatMap(({ qas }) => qas.filter((qa) => !qa.is_impossible && qa.answers.length > 0));
    return {
      half: halfOf(row.title),
      document: articleOf(row, titled),
      questions: asked
        .filter((_, i) => i % step === 0)
        .map(({ question, answers }) => ({ question, isAnswer: (text) => answers.some((one) => text.includes(one)) })),
    };
  });
  return perHalfOf(all, perHalf);
};

export interface Refused {
  half: Half;
  document: ReadDocument;
  /** Questions that another article answers, and those that were written to look as if this one did. */
  elsewhere: string[];
  unanswerable: string[];
}

/** Articles with questions that they do not answer, every `step`th. */
export const squadRefused = (step: number, { unseen, titled }: Choice = {}): Refused[] => {
  const all = rows<SquadRow>('squad-dev.jsonl.gz').filter(({ title }) => !unseen || isUnseen('squad', title, 8));
  return all.map((row, n): Refused => {
    const asked = (from: SquadRow, impossible: boolean): string[] =>
      from.paragraphs
        .flatMap(({ qas }) => qas.filter((qa) => qa.is_impossible === impossible).map(({ question }) => question))
        .filter((_, i) => i % step === 0);
    const other = [...all.slice(n + 1), ...all.slice(0, n)].find(({ title }) => title !== row.title);
    return {
      half: halfOf(row.title),
      document: articleOf(row, titled),
      elsewhere: other ? asked(other, false).slice(0, 40) : [],
      unanswerable: asked(row, true),
    };
  });
};

/** Paragraphs of Wikipedia articles with a question each and the sentence that answers it, its blanks before marks taken out. */
export const qed = ({ unseen, titled }: Choice = {}): Asked[] => {
  interface Row {
    title: string;
    question: string;
    paragraph: string;
    sentence_starts: number[];
    selected_sentence: { start: number } | null;
  }
  const written = (text: string): string =>
    text
      .replace(/ ([,.;:!?%)\]'’])/g, '$1')
      .replace(/([([]) /g, '$1')
      .replace(/ - /g, '-')
      .trim();
  const all = rows<Row>('qed-dev.jsonl.gz').filter(({ title }) => !unseen || isUnseen('qed', title));
  const lead = titled ? 1 : 0;
  return all.flatMap((row): Asked[] => {
    const { title, question, paragraph, sentence_starts: starts, selected_sentence: selected } = row;
    const sentences = starts.map((start, i) => written(paragraph.slice(start, starts[i + 1] ?? paragraph.length)));
    if (!selected || sentences.length < 3 || sentences.includes('')) return [];
    const right = lead + starts.findLastIndex((start) => start <= selected.start);
    const questions = [{ question, isAnswer: (_: string, index: number) => index === right }];
    return [{ half: halfOf(title), document: makeDocument([withTitle([sentences], title, titled)], title), questions }];
  });
};

/** Sections of Wikipedia articles with a question each and the sentences that answer it. */
export const selqa = (perHalf: number, { unseen, titled }: Choice = {}): Asked[] => {
  interface Row {
    article: string;
    section: string;
    question: string;
    sentences: string[];
    answers: number[];
  }
  const all = rows<Row>('selqa.jsonl.gz')
    .filter(({ sentences, answers }) => answers.length > 0 && sentences.length >= 5)
    .filter(({ article }) => !unseen || isUnseen('selqa', article))
    .map(({ article, section, question, sentences, answers }) => {
      const title = `${article}: ${section}`;
      const lead = titled ? 1 : 0;
      return {
        half: halfOf(article),
        document: makeDocument([withTitle([sentences.map((one) => one.trim())], title, titled)], title),
        questions: [{ question, isAnswer: (_: string, index: number) => answers.includes(index - lead) }],
      };
    });
  return perHalfOf(all, perHalf);
};

export interface Told {
  half: Half;
  document: ReadDocument;
  /** Sentences by people that the document bears out in other words, each with the sentences that it rests on where they are known. */
  claims: { text: string; restsOn: ReadonlySet<number> }[];
}

/** Meetings with answers by people to questions on them, and the turns that each answer rests on. */
export const qmsum = (most: number): Told[] => {
  interface Row {
    meeting_transcripts: { speaker: string; content: string }[];
    specific_query_list: { answer: string; relevant_text_span: [string, string][] }[];
  }
  return rows<Row>('qmsum.jsonl.gz')
    .slice(0, most)
    .map(({ meeting_transcripts: turns, specific_query_list: queries }, i) => {
      const paragraphs = turns.map(({ content }) => sentencesOf(content)).map((all) => (all.length > 0 ? all : ['-']));
      const turnOf = paragraphs.flatMap((all, turn) => all.map(() => turn));
      const claims = queries.flatMap(({ answer, relevant_text_span: spans }) => {
        const within = (turn: number) => spans.some(([first, last]) => turn >= Number(first) && turn <= Number(last));
        const restsOn = new Set(turnOf.flatMap((turn, i) => (within(turn) ? [i] : [])));
        return sentencesOf(answer).map((text) => ({ text, restsOn }));
      });
      return { half: halfOf(`meeting ${i}`), document: makeDocument([paragraphs]), claims };
    });
};

/** One-sentence summaries with the sentences of the abstract that are nearest to them by the corpus's own labels. */
export const tldrClaims = (most: number): Told[] => {
  interface Row {
    split: string;
    title?: string;
    sentences: string[];
    labels: number[];
    tldr: string[];
  }
  return rows<Row>('scitldr-a.jsonl.gz')
    .filter(({ split, sentences }) => split !== 'test' && sentences.length > 2)
    .slice(0, most)
    .map(({ title = '', sentences, labels, tldr }) => ({
      half: halfOf(title),
      document: makeDocument([[sentences]]),
      claims: tldr.map((text) => ({ text, restsOn: new Set(labels.flatMap((label, i) => (label ? [i] : []))) })),
    }));
};

const claimsOf = ({ half, document, references }: Summarized): Told => ({
  half,
  document,
  claims: references
    .slice(0, 1)
    .flatMap(sentencesOf)
    .map((text) => ({ text, restsOn: new Set<number>() })),
});

/** Sentences of the summaries at the end of a textbook's sections. */
export const openstaxClaims = (perHalf: number): Told[] => openstax(perHalf).map(claimsOf);

/** Sentences of an account of what happens in a story. */
export const squalityClaims = (perHalf: number): Told[] => stories(perHalf).map(claimsOf);
