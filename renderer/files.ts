// Bytes between the window and main: by URL, named by their SHA-256.
import { MainError } from '../main/common/api.ts';

/** Hexadecimal. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function bytesAt(url: string, missing: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url).catch(() => undefined);
  if (!response?.ok) throw new MainError(response?.status === 404 ? 'not-found' : 'gone', missing);
  return new Uint8Array(await response.arrayBuffer());
}

export const fetchSample = () => bytesAt('/sample.pdf', 'The sample document is missing from this copy of Longleaf.');

export const fetchDocument = (id: string) =>
  bytesAt(`/documents/${id}`, 'The file of this document is no longer there; its history is kept. Open the PDF again.');

/** Stored only when its hash is `id`; main writes it whole or not at all. */
export async function storeDocument(id: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await fetch(`/documents/${id}`, { method: 'PUT', body: bytes }).catch(() => undefined);
  if (response?.ok) return;
  const full = response?.status === 507;
  throw new MainError(
    full ? 'disk-full' : 'disk',
    full
      ? 'The disk is full: the document was not stored. Free some space and try again.'
      : 'The document could not be stored; what was stored before is kept. Try again.',
  );
}
