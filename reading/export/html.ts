// An export as one HTML file: no script, no link, nothing that is fetched; its own policy forbids all of it. Text is escaped and
// set apart in direction, so that a right-to-left quotation turns nothing around it.
import {
  type Block,
  blocksOf,
  type Comparison,
  type ExportedCitation,
  type ExportedDocument,
  proseStatus,
  shown,
} from './export.ts';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string => shown(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);

/** Text with its own direction. */
const bdi = (text: string): string => `<bdi>${escaped(text)}</bdi>`;

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export const toHtml = (documents: readonly ExportedDocument[], comparison?: Comparison): string =>
  htmlOf(blocksOf(documents, comparison));

/** A page whose name is the first title in it. */
export const htmlOf = (blocks: readonly Block[]): string => {
  const first = blocks.find((block) => block.kind === 'title');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Longleaf">
<title>${escaped(first?.kind === 'title' ? first.text : 'Longleaf')}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${sections(blocks)}
</main>
</body>
</html>
`;
};

/** Neighbouring sentences are one list. */
const sections = (blocks: readonly Block[]): string => {
  const lines: string[] = [];
  let inList = false;
  for (const block of blocks) {
    const isSentence = block.kind === 'sentence';
    if (isSentence !== inList) lines.push(isSentence ? '<ol>' : '</ol>');
    inList = isSentence;
    lines.push(written(block));
  }
  if (inList) lines.push('</ol>');
  return lines.join('\n');
};

const written = (block: Block): string => {
  switch (block.kind) {
    case 'title':
      return `<h1>${bdi(block.text)}</h1>`;
    case 'heading':
      return `<h2>${bdi(block.text)}</h2>`;
    case 'section':
      return `<h3>${bdi(block.text)}</h3>`;
    case 'note':
      return `<p class="note">${bdi(block.text)}</p>`;
    case 'sentence':
      return `<li value="${block.number}"><p dir="auto">${escaped(block.text)}</p>${marked(block.status)}${block.citations.map(cited).join('')}</li>`;
    case 'facts':
      return `<dl>${block.rows.map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${bdi(value)}</dd></div>`).join('')}</dl>`;
    case 'table':
      return `<table><thead><tr>${block.head.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join('')}</tr></thead><tbody>${block.rows
        .map((row) => `<tr>${row.map((cell) => `<td>${bdi(cell)}</td>`).join('')}</tr>`)
        .join('')}</tbody></table>`;
  }
};

const MARK: Record<ExportedCitation['status'], string> = { verified: '✓', repaired: '≈', near: '~', unverified: '?' };

const marked = (status: ExportedCitation['status'] | undefined): string =>
  status === undefined
    ? ''
    : `<p class="cite ${status}"><span aria-hidden="true">${MARK[status]}</span> ${proseStatus[status]}</p>`;

const cited = ({ where, status, quote }: ExportedCitation): string =>
  `<p class="cite ${status}"><span aria-hidden="true">${MARK[status]}</span> ${bdi(where)}, ${status}${
    quote === undefined ? '' : `: <q>${bdi(quote)}</q>`
  }</p>`;

const STYLE = `
:root { color-scheme: light dark; --ink: #21201b; --soft: #5d594f; --line: #e2dccf; --paper: #fbf9f4; --pine: #1d4d3e; --amber: #8a5a00; --danger: #99352a; }
@media (prefers-color-scheme: dark) { :root { --ink: #ece7db; --soft: #b5afa1; --line: #32332f; --paper: #1b1c1a; --pine: #8ecbb0; --amber: #e2b65c; --danger: #f0a397; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.6 Georgia, "Iowan Old Style", "Noto Serif", serif; }
main { max-width: 44rem; margin: 0 auto; padding: 3rem 1.25rem; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -.01em; }
h1:not(:first-child) { margin-top: 4rem; padding-top: 2rem; border-top: 1px solid var(--line); }
h2 { margin-top: 2.5rem; font-size: 1.25rem; line-height: 1.3; }
h3 { margin: 1.75rem 0 .5rem; font-size: 1.0625rem; }
ol { padding-inline-start: 1.75rem; }
li { margin: 0 0 1rem; }
li p { margin: 0; }
.cite, .note, dl, table { font: 13px/1.5 system-ui, sans-serif; }
.cite { color: var(--soft); }
.cite.verified { color: var(--pine); }
.cite.repaired { color: var(--amber); }
.cite.near { color: var(--soft); }
.cite.unverified { color: var(--danger); }
.note { color: var(--soft); font-style: italic; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: .5rem 1.25rem; margin: 1rem 0 0; padding-top: .75rem; border-top: 1px solid var(--line); color: var(--soft); }
dd { margin: 0; color: var(--ink); }
table { width: 100%; border-collapse: collapse; }
/* Words of the two last, which are short, stay whole. */
th:nth-child(n+3), td:nth-child(n+3) { overflow-wrap: normal; }
th, td { padding: .5rem; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; }
@media print { body { font-size: 11pt; background: none; } main { padding: 0; } li, dl { break-inside: avoid; } }
`;
