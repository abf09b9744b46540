// What the model reads: the document's text beside its pages, in step with them. The block under the mouse or with the focus lights its
// rectangles on the page; a click on a page finds its block.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Match } from '../../reading/words/find.ts';
import { firstWhere } from '../document/first-where.ts';
import { type BlockPlace, blockAtHeight, pageOfBlock, roughLines, textEnd } from '../document/text-pages.ts';
import { plural } from '../format.ts';
import { matchesWithin } from '../search/find.ts';
import type { Finding } from '../search/finding.ts';
import { chosenCitation, type OpenDocument } from '../state.ts';
import { useSelected } from '../store.ts';
import { NARROW, useMedia } from '../theme.ts';
import { blindTo, PLACE } from './blind-to.ts';
import { FindBar } from './find-bar.tsx';
import { OpeningBar } from './start.tsx';
import { useBlocks } from './text-blocks.ts';
import { TextPageView } from './text-page.tsx';
import { showBlock, useStep } from './text-step.ts';
import { useSize } from './use-size.ts';
import type { ViewProps } from './view-props.ts';
import { useVirtualColumn } from './virtual-column.ts';

type Read = NonNullable<OpenDocument['read']>;

/** It follows the pages to where they are asked to go. */
export const TextTab = blindTo(
  Text,
  PLACE.filter((part) => part !== 'target'),
);

function Text(props: ViewProps) {
  const { document, opening } = props.now;
  if (opening || !document?.read)
    return (
      <div className="reply-scroll">
        {opening && <OpeningBar opening={opening} onStop={props.session.stopOpening} />}
      </div>
    );
  return <TextColumn key={document.id} {...props} opened={document} read={document.read} />;
}

/** CSS pixels: a line of text, a letter of it, and the margins beside it. */
const [LINE, LETTER, MARGINS] = [25, 7.6, 48];

function TextColumn(props: ViewProps & { opened: OpenDocument; read: Read }) {
  const { now, store, glance, finding, opened, read } = props;
  const scroller = useRef<HTMLElement>(null);
  const box = useSize(scroller);
  const perLine = Math.max(20, (Math.min(box.width, 640) - MARGINS) / LETTER);
  const guess = (index: number) => roughLines(read, index + 1, perLine) * LINE;
  const column = useVirtualColumn(scroller, read.pages.length, box, guess);
  const [active, setActive] = useState(() => blockAtHeight(read, glance.get().here)?.index ?? 0);
  const latest = useRef(column);
  latest.current = column;
  const show = useCallback((place: BlockPlace) => showBlock(scroller.current, latest.current, read, place), [read]);

  useStep(scroller, latest, { read, glance, show, box, asked: now.target.serial });
  useBlocks(scroller, { read, glance, store, show, setActive });
  useFoundShown(finding, read, show);
  const find = useFound(finding, read);
  const narrow = useMedia(NARROW);

  const citation = chosenCitation(now);
  const left = opened.layout?.receipt.pagesLeftOut ?? [];
  const activePage = pageOfBlock(read, active);
  const numbers = [];
  for (let i = column.shown[0]; i <= column.shown[1]; i++) numbers.push(i + 1);
  // Tab comes to the pages in their order.
  if (numbers.at(-1)! < activePage) numbers.push(activePage);
  else if (numbers[0]! > activePage) numbers.unshift(activePage);
  return (
    <>
      {narrow && <FindBar {...props} />}
      <header className="text-head">
        <h2>What the model reads</h2>
        <p id="text-facts">
          {plural(read.blocks.length, 'block')} · {plural(read.words, 'word')}
          <span className="unseen">. Arrow keys go from block to block, Enter shows it on its page.</span>
        </p>
      </header>
      <section
        className="text-scroll"
        role="feed"
        ref={scroller}
        aria-label="What the model reads"
        aria-describedby="text-facts"
        onScroll={column.look}
      >
        <div className="text-column" style={{ height: column.height }}>
          {numbers.map((number) => (
            <TextPageView
              key={number}
              document={read}
              number={number}
              top={column.top(number - 1)}
              inWindow={read.pages[number - 1]!.state !== 'text' || !isWithin(left, number)}
              marked={citation && touches(read, number, citation) ? citation : undefined}
              found={find.on(number)}
              now={find.now && touches(read, number, find.now) ? find.now : undefined}
              active={activePage === number ? active : -1}
            />
          ))}
        </div>
      </section>
    </>
  );
}

const isWithin = (ranges: readonly [number, number][], number: number) =>
  ranges.some(([first, last]) => number >= first && number <= last);

const touches = (read: Read, number: number, { start, end }: { start: number; end: number }) =>
  start < textEnd(read, number) && end > read.pages[number - 1]!.start;

const NONE: readonly Match[] = [];

/** What was found, page by page, and the match that is gone to; the same arrays as long as nothing else was found. */
function useFound(finding: Finding, read: Read) {
  const whole = useSelected(finding, (f) => f.whole);
  const found = useSelected(finding, (f) => f.found);
  const now = useSelected(finding, (f) => f.now);
  const on = useMemo(() => {
    const byPage = new Map<number, readonly Match[]>();
    return (number: number): readonly Match[] => {
      if (!whole || found.matches.length === 0) return NONE;
      const [from, to] = matchesWithin(found.matches, read.pages[number - 1]!.start, textEnd(read, number));
      if (!byPage.has(number)) byPage.set(number, from < to ? found.matches.slice(from, to) : NONE);
      return byPage.get(number)!;
    };
  }, [whole, found, read]);
  return { on, now: whole ? found.matches[now] : undefined };
}

/** Goes to a match when the pages do. */
function useFoundShown(finding: Finding, read: Read, show: (place: BlockPlace) => void) {
  useEffect(() => {
    let { shown } = finding.get();
    return finding.subscribe(() => {
      const { shown: next, whole, found, now } = finding.get();
      const match = found.matches[now];
      if (next === shown || !whole || !match) return;
      shown = next;
      const index = firstWhere(read.blocks.length, (i) => read.blocks[i]!.end > match.start);
      const block = read.blocks[index];
      if (block) show({ index, share: Math.max(0, match.start - block.start) / Math.max(1, block.end - block.start) });
    });
  }, [finding, read, show]);
}
