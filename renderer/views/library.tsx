// The left rail: documents, and below the open one its past summaries and questions; or the contents of the open one; or its pages in
// small.
import { Columns2, FileUp, MessageCircleQuestion, PanelLeftClose, ScrollText, Search, Trash2 } from 'lucide-react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { DocumentRow, RunRow } from '../../main/common/api.ts';
import { plural, when } from '../format.ts';
import { modifier } from '../modifier.ts';
import { showRun } from '../replies/show-run.ts';
import { type Rail, shownSummary } from '../state.ts';
import { blindTo, PLACE } from './blind-to.ts';
import { IconButton } from './icon-button.tsx';
import { Mark } from './mark.tsx';
import { Outline } from './outline.tsx';
import { GpuLine } from './start.tsx';
import { Thumbnails } from './thumbnails/thumbnails.tsx';
import type { ViewProps } from './view-props.ts';
import { WindowTools } from './window-tools.tsx';

export const Library = blindTo(AllOfLibrary, [...PLACE, 'selection']);

function AllOfLibrary(props: ViewProps & { onCollapse?(): void }) {
  const { now, store, session, chooseFile, onCollapse } = props;
  return (
    <nav className="library" aria-label="Library" data-pane="library" tabIndex={-1}>
      <header className="pane-head">
        <button type="button" className="wordmark" onClick={() => session.closeDocument()} aria-label="Longleaf: start">
          <Mark size={20} /> Longleaf
        </button>
        <span className="library-tools">
          <IconButton label={`Search documents, replies and commands (${modifier} K)`} onPress={props.acts.palette}>
            <Search size={16} strokeWidth={1.8} aria-hidden="true" />
          </IconButton>
          {onCollapse && (
            <IconButton label="Hide the library" onPress={onCollapse}>
              <PanelLeftClose size={17} strokeWidth={1.7} aria-hidden="true" />
            </IconButton>
          )}
        </span>
      </header>
      <button type="button" className="button open-button" onClick={chooseFile}>
        <FileUp size={16} strokeWidth={1.75} aria-hidden="true" /> Open a document <kbd>{modifier} O</kbd>
      </button>
      <Tabs
        className="tabs"
        selectedKey={now.rail}
        onSelectionChange={(key) => store.update((s) => ({ ...s, rail: key as Rail }))}
      >
        <div className="rail-head">
          <TabList className="tab-list" aria-label="Library">
            <Tab id="documents">Documents</Tab>
            <Tab id="contents">Contents</Tab>
            <Tab id="thumbnails" aria-label="Pages in small">
              Pages
            </Tab>
          </TabList>
          {now.rail === 'documents' && now.library.length > 1 && (
            <IconButton
              label="Ask several documents"
              onPress={() => store.update((s) => ({ ...s, dialog: { kind: 'choose' } }))}
            >
              <Columns2 size={15} strokeWidth={1.7} aria-hidden="true" />
            </IconButton>
          )}
        </div>
        <TabPanel id="documents" className="tab-panel">
          <ul className="documents">
            {now.library.map((row) => (
              <DocumentItem key={row.id} row={row} {...props} />
            ))}
          </ul>
        </TabPanel>
        <TabPanel id="contents" className="tab-panel">
          <Outline key={now.document?.read ? now.document.id : ''} {...props} />
        </TabPanel>
        <TabPanel id="thumbnails" className="tab-panel">
          <Thumbnails {...props} />
        </TabPanel>
      </Tabs>
      <footer className="rail-foot">
        <GpuLine gpu={now.gpu} brief />
        <WindowTools {...props} />
      </footer>
    </nav>
  );
}

function DocumentItem({ row, ...props }: ViewProps & { row: DocumentRow }) {
  const { now, session, store } = props;
  const open = now.document?.id === row.id;
  return (
    <li className="document" data-open={open || undefined}>
      <button
        type="button"
        className="document-open"
        aria-current={open || undefined}
        onClick={() => !open && void session.openStored(row)}
      >
        <span className="document-title" dir="auto">
          {row.title || row.name}
        </span>
        <span className="document-facts">
          {plural(row.pages, 'page')} · {plural(row.words, 'word')}
        </span>
      </button>
      <button
        type="button"
        className="icon-button remove"
        aria-label={`Forget ${row.title || row.name}`}
        onClick={() => store.update((s) => ({ ...s, dialog: { kind: 'remove', row } }))}
      >
        <Trash2 size={14} strokeWidth={1.7} aria-hidden="true" />
      </button>
      {open && now.runs.length > 0 && (
        <ul className="runs" aria-label="Past summaries and questions">
          {now.runs.toReversed().map((run) => (
            <RunItem key={run.id} run={run} {...props} />
          ))}
        </ul>
      )}
    </li>
  );
}

function RunItem({ run, now, store, session }: ViewProps & { run: RunRow }) {
  const { kind, question } = run.reply;
  const shown = kind === 'summary' ? now.tab === 'summary' && shownSummary(now)?.id === run.id : false;
  const Icon = kind === 'summary' ? ScrollText : MessageCircleQuestion;
  const name = kind === 'summary' ? 'Summary' : (question ?? 'Question');
  return (
    <li className="run">
      <button type="button" className="run-open" aria-current={shown || undefined} onClick={() => showRun(store, run)}>
        <Icon size={14} strokeWidth={1.7} aria-hidden="true" />
        <span className="run-name">{name}</span>
        <span className="run-when">{when(run.createdAt)}</span>
      </button>
      <button
        type="button"
        className="icon-button remove"
        aria-label={`Remove ${name}`}
        onClick={() => void session.removeRun(run)}
      >
        <Trash2 size={13} strokeWidth={1.7} aria-hidden="true" />
      </button>
    </li>
  );
}
