// Several documents side by side: one question to all of them, or a summary of each, and a table of what they say. Every sentence
// leads to its page, and Back leads here again.
import {
  ArrowUp,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleSlash,
  FilePlus2,
  Loader,
  type LucideIcon,
  X,
} from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { plural, share, timeLeft } from '../format.ts';
import {
  type Comparing,
  type ComparingRow,
  isStored,
  outcome,
  rest,
  standing,
  wasAsked,
} from '../replies/comparing.ts';
import { ExportMenu } from './export-menu.tsx';
import { IconButton } from './icon-button.tsx';
import { stageName } from './progress.tsx';
import { Receipt } from './receipt.tsx';
import { Sentences } from './sentences.tsx';
import type { ViewProps } from './view-props.ts';
import { WindowTools } from './window-tools.tsx';

export function Compare(props: ViewProps) {
  const { now, session } = props;
  const comparing = now.comparing!;
  const { rows, running, kind } = comparing;
  useLanding(now.document?.id);
  return (
    <main className="compare" data-pane="compare" tabIndex={-1}>
      <header className="compare-head">
        <h1>{plural(rows.length, 'document')} together</h1>
        <IconButton label="Add documents" onPress={props.chooseFile} disabled={running}>
          <FilePlus2 size={17} strokeWidth={1.7} aria-hidden="true" />
        </IconButton>
        <WindowTools {...props} />
        <IconButton label="Close the comparison" onPress={session.closeComparison}>
          <X size={18} strokeWidth={1.7} aria-hidden="true" />
        </IconButton>
      </header>
      <AskAll {...props} />
      <section className="compare-result" aria-label="What they say">
        <Lead {...props} comparing={comparing} />
        <table className="compare-table">
          <thead>
            <tr>
              <th scope="col">Document</th>
              <th scope="col">{kind === 'summary' ? 'Summary' : 'Answer'}</th>
              <th scope="col">{!wasAsked(comparing) ? 'State' : kind === 'summary' ? 'Read' : 'Found'}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.id} row={row} comparing={comparing} {...props} />
            ))}
          </tbody>
        </table>
      </section>
    </main>
  );
}

/** Whoever comes back from one of the documents goes on where it stands; anybody else with the question. */
function useLanding(id: string | undefined) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it is shown, and not again
  useEffect(() => {
    const row = document.getElementById(`compared-${id}`);
    (row?.querySelector('button') ?? document.querySelector<HTMLElement>('.compare-ask input'))?.focus();
  }, []);
}

/** What was asked, how far it is or what it came to, and what can be done now. */
function Lead({ comparing, session }: ViewProps & { comparing: Comparing }) {
  const { running, question, kind, rows } = comparing;
  const left = rest(comparing).length;
  return (
    <div className="compare-lead">
      <div>
        {wasAsked(comparing) && <h2 dir="auto">{kind === 'summary' ? 'Summaries' : question}</h2>}
        <p role="status">{outcome(comparing)}</p>
      </div>
      <div className="compare-acts">
        {running && (
          <button type="button" className="button" onClick={session.stopComparing}>
            Stop <kbd>Esc</kbd>
          </button>
        )}
        {!running && left > 0 && (
          <button type="button" className="button" onClick={() => void session.askRest()}>
            {left === rows.length ? 'Ask again' : `Ask the other ${left === 1 ? 'one' : left}`}
          </button>
        )}
        {!running && rows.some(({ run }) => run) && (
          <ExportMenu
            choices={[{ name: 'This comparison', save: (format) => void session.exportComparison(format) }]}
          />
        )}
      </div>
    </div>
  );
}

function AskAll({ now, session }: ViewProps) {
  const { running, question } = now.comparing!;
  const [text, setText] = useState(question);
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

type RowProps = ViewProps & { row: ComparingRow; comparing: Comparing };

function Row({ row, comparing, now, session }: RowProps) {
  const { id, title, name, problem, pages, words, run } = row;
  return (
    <tr id={`compared-${id}`} data-state={row.state}>
      <th scope="row">
        <button
          type="button"
          className="compare-title"
          dir="auto"
          disabled={!isStored(row)}
          onClick={() => void session.showDocument(id)}
        >
          {title}
        </button>
        {pages > 0 && (
          <span className="compare-facts">
            {title !== name && <span dir="auto">{name}</span>}
            {plural(pages, 'page')} · {plural(words, 'word')}
          </span>
        )}
      </th>
      <td className="compare-answer">
        {problem && <p className="compare-problem">{problem}</p>}
        {row.state === 'reading' && <Reading row={row} kind={comparing.kind} />}
        {run && !run.reply.found && <p className="not-found">The document does not say.</p>}
        {run?.reply.found && (
          <Sentences
            run={run}
            selection={now.selection}
            choose={(selection) => void session.showCitation(run, selection)}
          />
        )}
        {run && (
          <details className="receipt-fold">
            <summary>How this was read</summary>
            <Receipt reply={run.reply} pages={pages} />
          </details>
        )}
      </td>
      <td>
        <div className="compare-state">
          <Found row={row} comparing={comparing} />
          {!comparing.running && (
            <IconButton label={`Leave out ${title}`} onPress={() => session.leaveOut(id)}>
              <X size={15} strokeWidth={1.7} aria-hidden="true" />
            </IconButton>
          )}
        </div>
      </td>
    </tr>
  );
}

function Reading({ row: { progress }, kind }: { row: ComparingRow; kind: Comparing['kind'] }) {
  const name = stageName(progress?.stage ?? 'pages', kind);
  const left = progress?.secondsLeft;
  return (
    <div className="compare-reading">
      <p>
        {name}
        {left !== undefined && `, ${timeLeft(left)}`}
      </p>
      <progress className="bar" max={1} value={progress ? share(progress.done, progress.total) : 0} aria-label={name} />
    </div>
  );
}

const ICONS: Record<string, LucideIcon> = {
  'Not read': CircleAlert,
  Reading: Loader,
  Yes: CircleCheck,
  Ready: CircleCheck,
  No: CircleSlash,
};

function Found({ row, comparing }: Pick<RowProps, 'row' | 'comparing'>) {
  const words = standing(comparing, row);
  const Icon = ICONS[words] ?? CircleDashed;
  return (
    <span className="compare-found" data-state={row.state} data-found={row.run?.reply.found}>
      <Icon className={row.state === 'reading' ? 'spin' : undefined} size={15} strokeWidth={1.9} aria-hidden="true" />{' '}
      {words}
    </span>
  );
}
