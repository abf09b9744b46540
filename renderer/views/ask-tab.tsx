// Questions and answers of one document, oldest first, and the box to ask the next.
import { ArrowUp, Lightbulb } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { RunRow } from '../../main/common/api.ts';
import { citationChosen } from '../places.ts';
import { answers } from '../state.ts';
import { blindTo, PLACE } from './blind-to.ts';
import { CopyButton } from './copy-button.tsx';
import { ExportMenu } from './export-menu.tsx';
import { Interrupted } from './interrupted.tsx';
import { JobProgress } from './progress.tsx';
import { Receipt } from './receipt.tsx';
import { Sentences } from './sentences.tsx';
import type { ViewProps } from './view-props.ts';

/** Characters, as many as the reader takes. */
const LONGEST_QUESTION = 1_000;

export const AskTab = blindTo(Ask, PLACE);

function Ask(props: ViewProps) {
  const { now, session } = props;
  const { job } = now;
  const asked = answers(now);
  const asking = job?.kind === 'answer' ? job : undefined;
  const thread = useRef<HTMLDivElement>(null);
  const shown = asked.length + (asking ? 1 : 0);
  useEffect(() => {
    if (shown > 0) showLast(thread.current, true);
  }, [shown]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the moment at which it is answered
  useEffect(() => showLast(thread.current, false), [asking === undefined]);
  return (
    <>
      <div className="reply-scroll thread" ref={thread}>
        <Interrupted {...props} kind="answer" />
        {shown === 0 && <EmptyThread />}
        {asked.map((run) => (
          <Exchange key={run.id} run={run} {...props} />
        ))}
        {asking && (
          <section className="exchange">
            <h2>{asking.question}</h2>
            <JobProgress job={asking} parts={now.document?.parts} byShell={now.notifies} onStop={session.stop} />
          </section>
        )}
        {!asking && <Suggestions {...props} />}
      </div>
      <Composer {...props} />
    </>
  );
}

/** Puts the last question at the top, so that what is answered is in sight; not of a reader who has gone elsewhere, unless it is new. */
function showLast(thread: HTMLElement | null, isNew: boolean) {
  const last = [...(thread?.querySelectorAll('.exchange') ?? [])].at(-1);
  if (!thread || !last) return;
  const from = last.getBoundingClientRect().top - thread.getBoundingClientRect().top;
  if (isNew || (from >= 0 && from < thread.clientHeight)) thread.scrollTop += from - 20;
}

/** Questions that the document answers: a press asks them. */
function Suggestions({ now, session }: ViewProps) {
  const { read, suggested, suggesting } = now.document!;
  if (!read) return null;
  const asked = new Set(answers(now).map(({ reply }) => reply.question));
  const left = suggested?.filter((question) => !asked.has(question)) ?? [];
  if (suggested?.length === 0)
    return <p className="suggestions-none">No question was found that this document surely answers. Ask your own.</p>;
  if (suggested && left.length === 0) return null;
  return (
    <section className="suggestions" aria-label="Questions to begin with">
      {left.map((question) => (
        <button
          key={question}
          type="button"
          className="suggestion"
          dir="auto"
          onClick={() => void session.ask(question)}
          disabled={now.job !== undefined}
        >
          {question}
        </button>
      ))}
      {!suggested && (
        <button
          type="button"
          className="button quiet"
          onClick={() => void session.suggest()}
          disabled={suggesting || now.job !== undefined}
        >
          <Lightbulb size={15} strokeWidth={1.75} aria-hidden="true" />
          {suggesting ? 'Looking for questions…' : 'Suggest questions'}
        </button>
      )}
    </section>
  );
}

const EmptyThread = () => (
  <section className="invite">
    <h2>Ask the document</h2>
    <p>The answer is found in its pages and given in its own words. When it does not say, you are told so.</p>
  </section>
);

function Exchange({ run, now, store, session }: ViewProps & { run: RunRow }) {
  const { reply } = run;
  return (
    <article className="exchange" id={`run-${run.id}`}>
      <h2>{reply.question}</h2>
      {reply.found ? (
        <Sentences
          run={run}
          selection={now.selection}
          choose={(selection) => store.update((s) => citationChosen(s, selection))}
        />
      ) : (
        <p className="not-found">The document does not say.</p>
      )}
      <div className="exchange-foot">
        <details className="receipt-fold">
          <summary>How this was read</summary>
          <Receipt reply={reply} pages={now.document?.read?.pages.length ?? 0} />
          <p className="reply-again">
            <ExportMenu
              choices={[
                { name: 'This answer', save: (format) => void session.exportRuns([run], format) },
                { name: 'All replies', save: (format) => void session.exportRuns(now.runs, format) },
              ]}
            />
          </p>
        </details>
        <CopyButton quiet reply={reply} title={now.document?.read?.title ?? ''} />
      </div>
    </article>
  );
}

function Composer({ now, session }: ViewProps) {
  const [text, setText] = useState('');
  const ready = now.document?.read !== undefined && now.job === undefined && text.trim() !== '';
  const ask = () => {
    if (!ready) return;
    void session.ask(text);
    setText('');
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    ask();
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <textarea
        aria-label="Question"
        placeholder="Ask about this document"
        rows={1}
        maxLength={LONGEST_QUESTION}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={press}
      />
      <button type="submit" className="send" aria-label="Ask" disabled={!ready}>
        <ArrowUp size={18} strokeWidth={2.2} aria-hidden="true" />
      </button>
    </form>
  );
}
