// Several documents side by side: one question to all of them, or a summary of each, and a table of what they say.
import { ArrowUp, CircleAlert, CircleCheck, CircleDashed, CircleSlash, Loader, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { pageRanges } from '../../reading/replies/receipt.ts';
import { plural, share } from '../format.ts';
import { type ComparingRow, outcome } from '../replies/comparing.ts';
import { ExportMenu } from './export-menu.tsx';
import { stageName } from './progress.tsx';
import type { ViewProps } from './view-props.ts';
import { WindowTools } from './window-tools.tsx';

export function Compare(props: ViewProps) {
  const { now, session } = props;
  const comparing = now.comparing!;
  const { rows, running, question, kind } = comparing;
  const done = rows.filter(({ reply }) => reply);
  return (
    <main className="compare" data-pane="compare" tabIndex={-1}>
      <header className="compare-head">
        <h1>{plural(rows.length, 'document')} together</h1>
        <WindowTools {...props} />
        <button
          type="button"
          className="icon-button"
          onClick={session.closeComparison}
          aria-label="Close the comparison"
        >
          <X size={18} strokeWidth={1.7} aria-hidden="true" />
        </button>
      </header>
      <AskAll {...props} />
      <section className="compare-result" aria-label="What they say">
        {(question !== '' || kind === 'summary') && (
          <div className="compare-lead">
            <h2 dir="auto">{kind === 'summary' ? 'Summaries' : question}</h2>
            <p role="status">{running ? `Reading ${done.length + 1} of ${rows.length}.` : outcome(comparing)}</p>
          </div>
        )}
        <table className="compare-table">
          <thead>
            <tr>
              <th scope="col">Document</th>
              <th scope="col">{kind === 'summary' ? 'Summary' : 'Answer'}</th>
              <th scope="col">Pages</th>
              <th scope="col">{kind === 'summary' ? 'Read' : 'Found'}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.id} row={row} {...props} />
            ))}
          </tbody>
        </table>
        <div className="compare-foot">
          {done.length > 0 && !running && (
            <ExportMenu
              choices={[{ name: 'This comparison', save: (format) => void session.exportComparison(format) }]}
            />
          )}
          {running && (
            <button type="button" className="button" onClick={session.stopComparing}>
              Stop
            </button>
          )}
        </div>
      </section>
    </main>
  );
}

function AskAll({ now, session }: ViewProps) {
  const [text, setText] = useState('');
  const { running } = now.comparing!;
  const ready = !running && text.trim() !== '';
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (ready) void session.askAll(text);
  };
  return (
    <div className="compare-ask">
      <form className="composer" onSubmit={ask}>
        <input
          type="text"
          aria-label="Question to all documents"
          placeholder="Ask all of them the same question"
          maxLength={1_000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" className="send" aria-label="Ask all" disabled={!ready}>
          <ArrowUp size={18} strokeWidth={2.2} aria-hidden="true" />
        </button>
      </form>
      <button type="button" className="button" onClick={() => void session.summariseAll()} disabled={running}>
        Summarise each
      </button>
    </div>
  );
}

function Row({ row, now, session }: ViewProps & { row: ComparingRow }) {
  const { title, reply, problem, pages, words } = row;
  const open = now.library.find(({ id }) => id === row.id);
  return (
    <tr data-state={row.state}>
      <th scope="row">
        <button
          type="button"
          className="compare-title"
          dir="auto"
          disabled={!open || now.comparing!.running}
          onClick={() => open && void session.openStored(open)}
        >
          {title}
        </button>
        {pages > 0 && (
          <span className="compare-facts">
            {plural(pages, 'page')} · {plural(words, 'word')}
          </span>
        )}
      </th>
      <td className="compare-answer">
        {problem && <p className="compare-problem">{problem}</p>}
        {row.state === 'reading' && <Reading row={row} />}
        {reply &&
          (reply.found ? (
            reply.sentences.map((sentence, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a reply never changes
              <p key={i} dir="auto">
                {sentence.text}
              </p>
            ))
          ) : (
            <p className="not-found">The document does not say.</p>
          ))}
      </td>
      <td className="compare-pages">{reply && citedPages(reply.sentences)}</td>
      <td>
        <Found row={row} />
      </td>
    </tr>
  );
}

const citedPages = (sentences: NonNullable<ComparingRow['reply']>['sentences']): string => {
  const pages = [...new Set(sentences.flatMap(({ citations }) => citations.map(({ page }) => page)))];
  return pageRanges(pages.sort((a, b) => a - b).map((page) => [page, page]));
};

function Reading({ row: { progress } }: { row: ComparingRow }) {
  const name = stageName(progress?.stage ?? 'pages', 'answer');
  return (
    <div className="compare-reading">
      <p>{name}</p>
      <progress className="bar" max={1} value={progress ? share(progress.done, progress.total) : 0} aria-label={name} />
    </div>
  );
}

function Found({ row: { state, reply } }: { row: ComparingRow }) {
  const [Icon, words] =
    state === 'failed'
      ? [CircleAlert, 'Not read']
      : state === 'reading'
        ? [Loader, 'Reading']
        : state === 'waiting'
          ? [CircleDashed, 'Waiting']
          : reply?.found
            ? [CircleCheck, 'Yes']
            : [CircleSlash, 'No'];
  return (
    <span className="compare-found" data-state={state} data-found={reply?.found}>
      <Icon className={state === 'reading' ? 'spin' : undefined} size={15} strokeWidth={1.9} aria-hidden="true" />{' '}
      {words}
    </span>
  );
}
