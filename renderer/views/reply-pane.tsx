// The right pane: the context ribbon, and under it the tabs Summary, Ask and Text.
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { Tab as TabName } from '../state.ts';
import { AskTab } from './ask-tab.tsx';
import { ReadingInLine } from './reading-in.tsx';
import { Ribbon } from './ribbon.tsx';
import { SummaryTab } from './summary-tab.tsx';
import { TextTab } from './text-tab.tsx';
import type { ViewProps } from './view-props.ts';

export function ReplyPane(props: ViewProps) {
  const { now, store } = props;
  return (
    <section
      className="reply-pane"
      aria-label="Summary and questions"
      data-pane="reply"
      data-read-in={now.document?.readIn?.done}
      tabIndex={-1}
    >
      <Ribbon {...props} />
      <ReadingInLine {...props} />
      <Tabs
        className="tabs"
        selectedKey={now.tab}
        onSelectionChange={(key) => store.update((s) => ({ ...s, tab: key as TabName }))}
      >
        <TabList className="tab-list" aria-label="Replies">
          <Tab id="summary">Summary</Tab>
          <Tab id="ask">Ask</Tab>
          <Tab id="text">Text</Tab>
        </TabList>
        <TabPanel id="summary" className="tab-panel">
          <SummaryTab {...props} />
        </TabPanel>
        <TabPanel id="ask" className="tab-panel ask-panel">
          <AskTab {...props} />
        </TabPanel>
        <TabPanel id="text" className="tab-panel">
          <TextTab {...props} />
        </TabPanel>
      </Tabs>
    </section>
  );
}
