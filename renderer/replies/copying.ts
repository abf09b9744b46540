// A reply on the clipboard: its sentences with their pages, and the document that they are of. By the browser's own copying, which
// needs no leave of the shell.
import { type Reply, whereOf } from '../../reading/index.ts';

/** "What is the rent?", then each sentence with its pages, then the title. A sentence that nothing bears out says so. */
export function copyOf({ question, found, sentences }: Reply, title: string): string {
  const said = sentences.map(({ text, citations, status }) => {
    const pages = [...new Set(citations.map(whereOf))].join(', ');
    const mark = status === undefined || status === 'verified' ? '' : `, ${status}`;
    const where = `${pages || 'no page'}${mark}`;
    return `${text} (${where})`;
  });
  return [
    ...(question === undefined ? [] : [question, '']),
    ...(found ? said : ['The document does not say.']),
    '',
    title,
  ].join('\n');
}

/** Only while a button is being pressed. False where the browser refuses. */
export function putOnClipboard(text: string): boolean {
  const fill = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  };
  document.addEventListener('copy', fill, { once: true });
  try {
    return document.execCommand('copy');
  } finally {
    document.removeEventListener('copy', fill);
  }
}
