// Before a document is open: an invitation, what will compute, and the documents of other days.
import { ArrowLeft, Columns2, Cpu, FileText, FileUp, Loader, Search } from 'lucide-react';
import { count, plural, share, when } from '../format.ts';
import { modifier } from '../modifier.ts';
import { comparingBack, type Gpu, type State } from '../state.ts';
import { Mark } from './mark.tsx';
import type { ViewProps } from './view-props.ts';
import { WindowTools } from './window-tools.tsx';

export function Start(props: ViewProps) {
  const { now } = props;
  return (
    <div className="start">
      <header className="start-head">
        <span className="wordmark">
          <Mark size={24} /> Longleaf
        </span>
        <div className="start-tools">
          <button type="button" className="button search-button" onClick={props.acts.palette}>
            <Search size={15} strokeWidth={1.8} aria-hidden="true" /> <span>Search</span> <kbd>{modifier} K</kbd>
          </button>
          <WindowTools {...props} />
        </div>
      </header>
      <main className="start-main" data-pane="start" tabIndex={-1}>
        <Invitation {...props} />
        {now.library.length > 0 && <Recent {...props} />}
      </main>
      <footer className="start-foot">
        <GpuLine gpu={now.gpu} />
        <p>Nothing leaves this machine. Works with the cable out.</p>
      </footer>
    </div>
  );
}

function Invitation({ now, session, chooseFile }: ViewProps) {
  return (
    <section className="invitation" aria-labelledby="invitation-title">
      <div className="invitation-text">
        <h1 id="invitation-title">
          Long documents,
          <br />
          read closely.
        </h1>
        <p className="lead">
          Drop in a PDF. You get a summary whose every sentence leads to its page, and answers in the document’s own
          words.
        </p>
        {now.opening ? (
          <OpeningBar opening={now.opening} onStop={session.stopOpening} />
        ) : (
          <div className="invitation-actions">
            <button type="button" className="button primary large" onClick={chooseFile}>
              <FileUp size={18} strokeWidth={1.75} aria-hidden="true" /> Open a document
              <kbd>{modifier} O</kbd>
            </button>
            <button type="button" className="button large quiet" onClick={() => void session.openSample()}>
              Try the sample
            </button>
          </div>
        )}
        <p className="hint">or drop a file anywhere in this window</p>
      </div>
      <Sheets />
    </section>
  );
}

/** Three sheets of paper with one sentence marked: what the app does, drawn. */
const Sheets = () => (
  <div className="sheets" aria-hidden="true">
    <div className="sheet sheet-3" />
    <div className="sheet sheet-2" />
    <div className="sheet sheet-1">
      <i className="ink title" />
      <i className="ink" />
      <i className="ink" />
      <i className="ink short" />
      <i className="ink marked" />
      <i className="ink marked part" />
      <i className="ink" />
      <i className="ink" />
      <i className="ink short" />
      <i className="ink" />
      <i className="ink" />
      <i className="ink" />
      <i className="ink short" />
      <span className="sheet-chip">p. 12</span>
    </div>
  </div>
);

export function OpeningBar({ opening, onStop }: { opening: NonNullable<State['opening']>; onStop(): void }) {
  const { name, done, total, recognising } = opening;
  const does = recognising ? 'Recognising text, page' : 'Reading pages';
  return (
    <div className="opening">
      <p>
        <Loader className="spin" size={15} aria-hidden="true" />
        {total ? `${does} ${count(Math.min(total, recognising ? done + 1 : done))}/${count(total)}` : `Opening ${name}`}
        <button type="button" className="button quiet" onClick={onStop}>
          Stop <kbd>Esc</kbd>
        </button>
      </p>
      <progress className="bar" max={1} value={share(done, total)} aria-label={does} />
    </div>
  );
}

function Recent({ now, session, store }: ViewProps) {
  return (
    <section className="recent" aria-labelledby="recent-title">
      <div className="recent-head">
        <h2 id="recent-title">Recent documents</h2>
        {now.comparing && (
          <button type="button" className="button quiet" onClick={() => store.update(comparingBack)}>
            <ArrowLeft size={15} strokeWidth={1.75} aria-hidden="true" /> Back to the {now.comparing.rows.length}{' '}
            documents
          </button>
        )}
        {now.library.length > 1 && (
          <button
            type="button"
            className="button quiet"
            onClick={() => store.update((s) => ({ ...s, dialog: { kind: 'choose' } }))}
          >
            <Columns2 size={15} strokeWidth={1.75} aria-hidden="true" /> Ask several
          </button>
        )}
      </div>
      <ul>
        {now.library.slice(0, 12).map((row) => (
          <li key={row.id}>
            <button type="button" className="recent-card" onClick={() => void session.openStored(row)}>
              <FileText size={18} strokeWidth={1.5} aria-hidden="true" />
              <span className="recent-title" dir="auto">
                {row.title || row.name}
              </span>
              <span className="recent-facts">
                {plural(row.pages, 'page')} · {plural(row.words, 'word')}
                {row.runs > 0 && ` · ${row.runs === 1 ? '1 reply' : `${row.runs} replies`}`}
              </span>
              <span className="recent-when">{when(row.openedAt)}</span>
            </button>
            <button
              type="button"
              className="recent-remove"
              aria-label={`Forget ${row.title || row.name}`}
              onClick={() => store.update((s) => ({ ...s, dialog: { kind: 'remove', row } }))}
            >
              Forget
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** `brief`: for a narrow column. */
export function GpuLine({ gpu, brief }: { gpu: Gpu; brief?: boolean }) {
  return (
    <p className="gpu" data-status={gpu.status === 'found' && gpu.software ? 'software' : gpu.status}>
      <Cpu size={15} strokeWidth={1.6} aria-hidden="true" />
      {gpu.status === 'checking' && 'Looking for the graphics card…'}
      {gpu.status === 'found' && !gpu.software && (brief ? gpu.name : `Reads on ${gpu.name}`)}
      {gpu.status === 'found' &&
        gpu.software &&
        (brief ? `${gpu.name} (software)` : `${gpu.name}: a software adapter, much slower than a graphics card`)}
      {gpu.status === 'none' && gpu.sentence}
    </p>
  );
}
