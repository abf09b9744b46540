// Tells a reader what a file is that was taken for a model: the usual wrong downloads are a web page (a login or an error), a Git
// LFS pointer and an archive; the usual wrong GGUF is the part of a model that sees pictures.
import { type ByteSource, EngineError } from '../api.ts';
import type { MetadataValue } from './header.ts';
import { incomplete, shown, unsupported } from './refusals.ts';

const packed = 'This is a packed file, not a model. If it holds a model, unpack it first.';
const program = 'This is a program, not a model. Choose a file whose name ends in .gguf.';
const image = 'This is an image, not a model. Choose a file whose name ends in .gguf.';
const oldFormat = 'This is an old GGML file; this app reads GGUF models. Look for a GGUF file of this model.';

/** First bytes, written as Latin-1, and what they say. */
const beginnings: readonly (readonly [string, string])[] = [
  ['version https://git-lfs', 'This is a Git LFS pointer, not the model itself. Download the file that it stands for.'],
  ['PK\x03\x04', 'This is a zip archive, not a model. If it holds a model, unpack it first.'],
  ['PK\x05\x06', 'This is an empty zip archive, not a model. Download the model file itself.'],
  ['\x1f\x8b', packed],
  ['BZh', packed],
  ['\xfd7zXZ', packed],
  ['\x28\xb5\x2f\xfd', packed],
  ['7z\xbc\xaf', packed],
  ['Rar!', packed],
  ['%PDF-', 'This is a PDF, not a model. Open it as a document.'],
  ['\x89PNG', image],
  ['\xff\xd8\xff', image],
  ['GIF8', image],
  ['ggml', oldFormat],
  ['lmgg', oldFormat],
  ['tjgg', oldFormat],
  ['fmgg', oldFormat],
  ['\x7fELF', program],
  ['MZ', program],
  ['\xcf\xfa\xed\xfe', program],
  ['\0'.repeat(16), 'This file begins with nothing but zeros, so it is not a model. Download it again.'],
];

const webPage = /^<(!doctype\s+html|html|head|body|title|script|meta|link|div)\b/i;
const xml = /^<(\?xml|!|[a-z])/i;
const text = /^[\t\n\r\x20-\x7e\x80-\xff]+$/;

/** Returns when the file begins as GGUF does; otherwise throws 'not-a-model' with what it is instead. */
export async function expectGguf(source: ByteSource): Promise<void> {
  const head = await source.read(0, Math.min(source.size, 512));
  const start = Array.from(head, (byte) => String.fromCharCode(byte)).join('');
  if (start.startsWith('GGUF')) return;
  if (start !== '' && 'GGUF'.startsWith(start)) throw incomplete(source.size);
  throw new EngineError('not-a-model', kindOf(start));
}

function kindOf(start: string): string {
  if (start === '') return 'This file is empty, not a model. Download it again.';
  for (const [beginning, sentence] of beginnings) if (start.startsWith(beginning)) return sentence;
  if (start.startsWith('\0\0{"', 6)) {
    return 'This is a safetensors file; this app reads GGUF models. Look for a GGUF file of this model.';
  }
  const visible = withoutComments(start.replace(/^\xef\xbb\xbf/, '').trimStart());
  if (webPage.test(visible)) return 'This is a web page, not a model. Download the model file itself.';
  if (xml.test(visible)) return 'This is an XML file, not a model. Download the model file itself.';
  if (/^[{[]/.test(visible)) return 'This is a JSON file, not a model. Download the model file itself.';
  if (text.test(start)) return 'This is a text file, not a model. Download the model file itself.';
  return 'This is not a GGUF model. Choose a file whose name ends in .gguf.';
}

function withoutComments(markup: string): string {
  let rest = markup;
  while (rest.startsWith('<!--') && rest.includes('-->')) rest = rest.slice(rest.indexOf('-->') + 3).trimStart();
  return rest;
}

const companions: Readonly<Record<string, string>> = {
  mmproj:
    'This file is the part of a model that sees pictures (mmproj), not the model itself. Open the model file that it belongs to.',
  adapter: 'This file is an adapter (LoRA) that changes a model, not a model itself. Open a whole model.',
  imatrix: 'This file holds measurements for making models smaller (imatrix), not a model. Open the model file itself.',
};

/** Throws 'unsupported-model' with what the file is when a GGUF is no language model. */
export function expectLanguageModel(metadata: ReadonlyMap<string, MetadataValue>): void {
  const stated = metadata.get('general.type');
  const type = metadata.get('general.architecture') === 'clip' ? 'mmproj' : stated;
  if (typeof type !== 'string' || type === 'model') return;
  if (Object.hasOwn(companions, type)) throw new EngineError('unsupported-model', companions[type]);
  throw unsupported(shown(type));
}
