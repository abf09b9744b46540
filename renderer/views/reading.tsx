// An open document: library, pages and reply side by side with dividers that move and collapse, or as tabs when narrow.
import { useCallback, useEffect, useRef, useState } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { Group, Panel, type PanelImperativeHandle, Separator } from 'react-resizable-panels';
import type { Pane } from '../state.ts';
import { NARROW, useMedia } from '../theme.ts';
import { Library } from './library.tsx';
import { Pages } from './pages.tsx';
import { ReplyPane } from './reply-pane.tsx';
import type { ViewProps } from './view-props.ts';

/** Where the reader goes on, the best first. */
const LANDINGS = ['[data-landing]', '[data-pane="reply"]', '[data-pane]'];

/** Each pane scrolls inside itself. */
const CLIPPED = { overflow: 'hidden' } as const;

export function Reading(props: ViewProps) {
  const { job, document: opened, runs, pane, problem } = props.now;
  // A button that had the focus may be gone: the reader goes on in what is on show instead of at the top of the window.
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are the moments at which it may be gone
  useEffect(() => {
    if (document.activeElement !== document.body) return;
    const landing = LANDINGS.map((one) => document.querySelector<HTMLElement>(one)).find((found) => found);
    landing?.focus({ preventScroll: true });
  }, [job === undefined, opened?.id, opened?.interrupted.length, runs.length, pane, problem === undefined]);
  const narrow = useMedia(NARROW);
  return (
    <main className="shell">
      <h1 className="unseen">{opened?.read?.title ?? opened?.name}</h1>
      {narrow ? <Narrow {...props} /> : <Wide {...props} />}
    </main>
  );
}

function Wide(props: ViewProps) {
  const rail = useRef<PanelImperativeHandle>(null);
  const [railShown, setRailShown] = useState(true);
  const toggleRail = useCallback(
    () => (rail.current?.isCollapsed() ? rail.current.expand() : rail.current?.collapse()),
    [],
  );
  return (
    <Group orientation="horizontal" disableCursor>
      <Panel
        id="library"
        className="shell-panel"
        style={CLIPPED}
        panelRef={rail}
        collapsible
        collapsedSize={0}
        minSize={190}
        maxSize={360}
        defaultSize={248}
        groupResizeBehavior="preserve-pixel-size"
        onResize={({ inPixels }) => setRailShown(inPixels > 0)}
      >
        {railShown && <Library {...props} onCollapse={toggleRail} />}
      </Panel>
      <Separator className="divider" aria-label="Width of the library" />
      <Panel id="pages" className="shell-panel" style={CLIPPED} minSize={320}>
        <Pages {...props} onShowLibrary={railShown ? undefined : toggleRail} />
      </Panel>
      <Separator className="divider" aria-label="Width of summary and questions" />
      <Panel id="reply" className="shell-panel" style={CLIPPED} minSize={340} defaultSize="38%">
        <ReplyPane {...props} />
      </Panel>
    </Group>
  );
}

function Narrow(props: ViewProps) {
  const { now, store } = props;
  return (
    <Tabs
      className="narrow"
      selectedKey={now.pane}
      onSelectionChange={(key) => store.update((s) => ({ ...s, pane: key as Pane }))}
    >
      <TabList className="narrow-tabs" aria-label="Panes">
        <Tab id="library">Library</Tab>
        <Tab id="pages">Pages</Tab>
        <Tab id="reply">Replies</Tab>
      </TabList>
      <TabPanel id="library" className="narrow-panel">
        <Library {...props} />
      </TabPanel>
      <TabPanel id="pages" className="narrow-panel">
        <Pages {...props} />
      </TabPanel>
      <TabPanel id="reply" className="narrow-panel">
        <ReplyPane {...props} />
      </TabPanel>
    </Tabs>
  );
}
