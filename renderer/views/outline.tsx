// The outline of the open document: its own bookmarks, or the headings that were recognised in it. Sections fold, the one that the
// reader is in is marked while the pages are scrolled, and a press goes there. A tree for the keyboard (WAI-ARIA tree pattern).
import { ChevronRight } from 'lucide-react';
import { type KeyboardEvent, memo, useEffect, useMemo, useRef, useState } from 'react';
import type { Page } from '../../reading/document.ts';
import {
  foldedAtFirst,
  type OutlineNode,
  outlineTree,
  sectionAt,
  shownAncestor,
  shownNodes,
} from '../document/outline-tree.ts';
import { placeChosen } from '../places.ts';
import { sectionFolded } from '../state.ts';
import { useSelected } from '../store.ts';
import type { ViewProps } from './view-props.ts';

export function Outline({ now, store, glance }: ViewProps) {
  const { read, folded: kept } = now.document ?? {};
  const nodes = useMemo(() => (read ? outlineTree(read) : []), [read]);
  const folded = useMemo(() => kept ?? foldedAtFirst(nodes), [kept, nodes]);
  const shown = useMemo(() => shownNodes(nodes, folded), [nodes, folded]);
  const [focused, setFocused] = useState(0);
  const tree = useRef<HTMLDivElement>(null);
  const section = useSelected(glance, ({ here }) => sectionAt(nodes, here));
  const current = section < 0 ? -1 : shownAncestor(nodes, folded, section);
  useEffect(() => {
    tree.current?.querySelector(`[data-entry="${current}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  if (!read || nodes.length === 0)
    return (
      <p className="outline-none">
        {read ? 'This document has no bookmarks, and no headings were recognised in it.' : 'Its pages are being read.'}
      </p>
    );
  const tabStop = shown.some(({ index }) => index === focused) ? focused : 0;
  const focus = (node: OutlineNode | undefined) => {
    if (!node) return;
    setFocused(node.index);
    tree.current?.querySelector<HTMLElement>(`[data-entry="${node.index}"]`)?.focus();
  };
  const go = ({ page, y }: OutlineNode) => store.update((s) => placeChosen(s, { page, y }));
  const fold = (index: number, folds: boolean) => store.update((s) => sectionFolded(s, folded, index, folds));
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (pressed(event.key, { nodes, shown, folded, at: tabStop }, { focus, go, fold })) event.preventDefault();
  };
  return (
    <>
      <div className="outline" role="tree" aria-label="Contents" ref={tree} onKeyDown={press}>
        {shown.map((node) => (
          <Entry
            key={node.index}
            node={node}
            page={read.pages[node.page - 1]}
            isFolded={folded.has(node.index)}
            isCurrent={node.index === current}
            isTabStop={node.index === tabStop}
            onGo={() => {
              setFocused(node.index);
              go(node);
            }}
            onFold={() => fold(node.index, !folded.has(node.index))}
          />
        ))}
      </div>
      {read.outlineFrom === 'headings' && (
        <p className="outline-source">It has no bookmarks: these are the headings that were recognised.</p>
      )}
    </>
  );
}

interface TreeNow {
  nodes: readonly OutlineNode[];
  shown: readonly OutlineNode[];
  folded: ReadonlySet<number>;
  /** Index of the entry that has the focus. */
  at: number;
}

interface TreeActs {
  focus(node: OutlineNode | undefined): void;
  go(node: OutlineNode): void;
  fold(index: number, folds: boolean): void;
}

/** Does what a key asks for in a tree; false when it asks for nothing. */
function pressed(key: string, { nodes, shown, folded, at }: TreeNow, { focus, go, fold }: TreeActs): boolean {
  const place = shown.findIndex(({ index }) => index === at);
  const node = shown[place]!;
  const isFolded = folded.has(node.index);
  if (key === 'Enter' || key === ' ') go(node);
  else if (key === 'ArrowDown') focus(shown[place + 1]);
  else if (key === 'ArrowUp') focus(shown[place - 1]);
  else if (key === 'Home') focus(shown[0]);
  else if (key === 'End') focus(shown.at(-1));
  else if (key === 'ArrowRight' && node.hasChildren) isFolded ? fold(node.index, false) : focus(shown[place + 1]);
  else if (key === 'ArrowLeft' && node.hasChildren && !isFolded) fold(node.index, true);
  else if (key === 'ArrowLeft') focus(nodes[node.parent]);
  else return false;
  return true;
}

interface EntryProps {
  node: OutlineNode;
  page: Page | undefined;
  isFolded: boolean;
  isCurrent: boolean;
  isTabStop: boolean;
  onGo(): void;
  onFold(): void;
}

const same = (a: EntryProps, b: EntryProps) =>
  a.node === b.node && a.isFolded === b.isFolded && a.isCurrent === b.isCurrent && a.isTabStop === b.isTabStop;

const Entry = memo(function Entry({ node, page, isFolded, isCurrent, isTabStop, onGo, onFold }: EntryProps) {
  const { title, depth, position, siblings, hasChildren, index } = node;
  return (
    <div
      className="outline-entry"
      role="treeitem"
      aria-level={depth}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-expanded={hasChildren ? !isFolded : undefined}
      aria-current={isCurrent ? 'location' : undefined}
      data-entry={index}
      tabIndex={isTabStop ? 0 : -1}
      style={{ '--depth': depth - 1 } as React.CSSProperties}
      onClick={onGo}
      onKeyDown={undefined}
    >
      <span
        className="outline-fold"
        data-folded={isFolded || undefined}
        aria-hidden="true"
        onClick={(event) => {
          if (!hasChildren) return;
          event.stopPropagation();
          onFold();
        }}
      >
        {hasChildren && <ChevronRight size={13} strokeWidth={2} />}
      </span>
      <span className="outline-title" dir="auto">
        {title}
      </span>
      <span className="outline-page">
        <span className="unseen">page </span>
        {page?.label ?? node.page}
      </span>
    </div>
  );
}, same);
