// An export as Markdown. Every character that could become markup, a link or an image is escaped, so that any Markdown reader
// shows what the document says and nothing else.
import {
  type Block,
  blocksOf,
  type Comparison,
  type ExportedCitation,
  type ExportedDocument,
  proseStatus,
  shown,
} from './export.ts';

export const toMarkdown = (documents: readonly ExportedDocument[], comparison?: Comparison): string =>
  markdownOf(blocksOf(documents, comparison));

export const markdownOf = (blocks: readonly Block[]): string => `${blocks.map(written).join('\n\n')}\n`;

const written = (block: Block): string => {
  switch (block.kind) {
    case 'title':
      return `# ${inline(block.text)}`;
    case 'heading':
      return `## ${inline(block.text)}`;
    case 'section':
      return `### ${inline(block.text)}`;
    case 'note':
      return inline(block.text);
    case 'sentence':
      return `${block.number}. ${inline(block.text)}${block.status ? ` [${proseStatus[block.status]}]`.replace(/[[\]]/g, '\\$&') : ''} (${block.citations.map(cited).join('; ') || 'no page'})`;
    case 'facts':
      return block.rows.map(([name, value]) => `- ${inline(name)}: ${inline(value)}`).join('\n');
    case 'table':
      return [block.head, block.head.map(() => '---'), ...block.rows]
        .map((row, i) => `| ${row.map((cell) => (i === 1 ? cell : inline(cell))).join(' | ')} |`)
        .join('\n');
  }
};

const cited = ({ where, status, quote }: ExportedCitation): string =>
  `${inline(where)}, ${status}${quote === undefined ? '' : `: “${inline(quote)}”`}`;

/** CommonMark 2.4: any ASCII punctuation may be escaped. What links by itself (GFM 6.9) is broken by the same means. */
const inline = (text: string): string =>
  shown(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>#|!~&@$]/g, '\\$&')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\bwww\./gi, (found) => `${found.slice(0, -1)}\\.`)
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^[-+=]/, '\\$&');
