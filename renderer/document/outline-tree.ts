// The outline as a tree: which entries are shown when some are folded, and which one the reader is in. Pure functions.
import type { OutlineEntry, ReadDocument } from '../../reading/document.ts';
import type { Place } from '../state.ts';

export interface OutlineNode extends OutlineEntry {
  index: number;
  /** Index of the entry that it stands under; -1 at the top. */
  parent: number;
  /** From 1, without gaps: levels that a document skips are not shown. */
  depth: number;
  hasChildren: boolean;
  /** From 1, among the entries under the same parent, and how many those are. */
  position: number;
  siblings: number;
  /** Distance of its first line from the top of its page, in PDF points. */
  y: number;
}

/** As many are shown at first; what is deeper is folded. */
const SHOWN_AT_FIRST = 60;

export function outlineTree({ outline, sentences }: ReadDocument): OutlineNode[] {
  const nodes: OutlineNode[] = [];
  const open: OutlineNode[] = [];
  const children = new Map<number, number>();
  let sentence = 0;
  for (const [index, entry] of outline.entries()) {
    while (open.length > 0 && open.at(-1)!.level >= entry.level) open.pop();
    const above = open.at(-1);
    const parent = above?.index ?? -1;
    const position = (children.get(parent) ?? 0) + 1;
    children.set(parent, position);
    if (above) above.hasChildren = true;
    while (sentence < sentences.length && sentences[sentence]!.start < entry.start) sentence++;
    const first = sentences[sentence];
    const y = first?.page === entry.page ? (first.boxes[0]?.y ?? 0) : 0;
    const node = { ...entry, index, parent, depth: open.length + 1, hasChildren: false, position, siblings: 0, y };
    nodes.push(node);
    open.push(node);
  }
  for (const node of nodes) node.siblings = children.get(node.parent)!;
  return nodes;
}

/** Entries that are folded when a document is opened: of a long outline, all below the last level that is short enough. */
export function foldedAtFirst(nodes: readonly OutlineNode[]): Set<number> {
  let depth = 1;
  while (depth < 10 && nodes.filter((node) => node.depth <= depth + 1).length <= SHOWN_AT_FIRST) depth++;
  return new Set(nodes.filter((node) => node.hasChildren && node.depth >= depth).map(({ index }) => index));
}

/** Those with no folded entry above them. */
export function shownNodes(nodes: readonly OutlineNode[], folded: ReadonlySet<number>): OutlineNode[] {
  const hidden = new Set<number>();
  return nodes.filter(({ index, parent }) => {
    if (!folded.has(parent) && !hidden.has(parent)) return true;
    hidden.add(index);
    return false;
  });
}

/** Index of the entry whose section holds the place; -1 before the first. */
export function sectionAt(nodes: readonly OutlineNode[], { page, y }: Place): number {
  let found = -1;
  for (const node of nodes) if (node.page < page || (node.page === page && node.y <= y + 2)) found = node.index;
  return found;
}

/** The entry itself, or the one above it that is shown. */
export function shownAncestor(nodes: readonly OutlineNode[], folded: ReadonlySet<number>, index: number): number {
  let shown = index;
  for (let at = index; at >= 0; at = nodes[at]!.parent) if (folded.has(nodes[at]!.parent)) shown = nodes[at]!.parent;
  return shown;
}
