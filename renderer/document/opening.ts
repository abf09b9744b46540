// Opening a PDF: its bytes are named by their hash, its pages shown at once, their text read, and only then is it stored, so that
// nothing of a file that cannot be read stays behind.
import type { DocumentRow } from '../../main/common/api.ts';
import { kindOfFile } from '../../reading/kind.ts';
import { layOut } from '../engine/laying-out.ts';
import { fetchDocument, fetchSample, sha256, storeDocument } from '../files.ts';
import type { Means } from '../means.ts';
import { isLocked, kindOf, type Problem, problemOf } from '../problems.ts';
import type { Finding } from '../search/finding.ts';
import * as state from '../state.ts';
import { extract } from './extraction.ts';
import { askPassword } from './password.ts';
import { openPdf } from './pdf.ts';
import { openSheets } from './sheets.ts';

export interface Opening {
  openFile(file: File): Promise<void>;
  openSample(): Promise<void>;
  /** `password`: where it is known already. */
  openStored(row: DocumentRow, password?: string): Promise<void>;
  /** Reads the document on show again, and the text of its scanned pages in their pictures. */
  recognise(): Promise<void>;
  /** The same with the file that was refused last. */
  recogniseRefused(): Promise<void>;
  /** What is being opened is opened no more; while text is recognised in its pictures, it is opened without. */
  stopOpening(): void;
  closeDocument(): void;
}

interface Source {
  name: string;
  load(): Promise<Uint8Array<ArrayBuffer>>;
  stored: boolean;
}

interface Attempt {
  source: Source;
  password?: string;
  ocr: boolean;
}

const NOT_READ = 'This file could not be opened; nothing was stored. Try another file.';

interface OpeningMeans extends Means {
  /** Searches what is opened. */
  finding: Finding;
}

/** `stop` ends all work on the document on show: it makes room for another. */
export function createOpening(means: OpeningMeans, stop: () => void): Opening {
  const { store } = means;
  let current: AbortController | undefined;
  /** The file that was tried last, and the one on show, which another that failed has not replaced. */
  let last: Attempt | undefined;
  let opened: Attempt | undefined;

  const close = () => {
    stop();
    opened = undefined;
    store.get().document?.pdf.close();
    store.update(state.documentClosed);
  };
  /** Pages that are still on their way are not shown any more; a document that was there before stays, and the work on it goes on. */
  const takeBack = (problem?: Problem) => {
    current?.abort();
    const shown = store.get().document;
    if (shown && !shown.read) close();
    store.update((s) => state.openingFailed(s, problem));
  };

  async function open(source: Source, password?: string, ocr = false) {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    const attempt = { source, password, ocr };
    last = attempt;
    means.remember(() => open(source, password, ocr));
    store.update((s) => state.openingStarted(s, source.name));
    try {
      const id = await readInto(means, attempt, mine.signal, stop);
      opened = attempt;
      listenForInterruptions(means, id, mine.signal);
      // Who waits for the document need not wait for the engine, which may be reading another.
      void layOut(means, id);
    } catch (error) {
      if (mine.signal.aborted) return;
      const locked = isLocked(error);
      takeBack(locked ? undefined : problemOf(error, NOT_READ));
      if (locked) await unlock(attempt, kindOf(error) === 'wrong-password');
    }
  }

  async function unlock({ source, ocr }: Attempt, wrong: boolean) {
    const password = await askPassword(store, source.name, wrong);
    if (password !== undefined) await open(source, password, ocr);
  }

  return {
    openFile: (file) =>
      open({ name: file.name, stored: false, load: async () => new Uint8Array(await file.arrayBuffer()) }),
    openSample: () => open({ name: 'sample.pdf', stored: false, load: fetchSample }),
    openStored: (row, password) => open({ name: row.name, stored: true, load: () => fetchDocument(row.id) }, password),
    recognise: async () => {
      if (opened) await open(opened.source, opened.password, true);
    },
    recogniseRefused: async () => {
      if (last) await open(last.source, last.password, true);
    },
    stopOpening() {
      if (!store.get().opening) return;
      if (last?.ocr) void open(last.source, last.password);
      else takeBack();
    },
    closeDocument() {
      current?.abort();
      close();
    },
  };
}

/** Of a window that died, main may hear only after this one has opened its document. Milliseconds. */
const LATE = [2_000, 5_000, 15_000];

function listenForInterruptions({ store, api }: Means, id: string, signal: AbortSignal) {
  const look = async () => {
    const heard = signal.aborted ? [] : await api.interruptedRuns(id).catch(() => []);
    if (!signal.aborted) store.update((s) => state.interruptionsHeard(s, id, heard));
  };
  for (const later of LATE) setTimeout(look, later);
}

/** Resolves to the document's id. `makeRoom` is called when its pages come in place of those on show. */
async function readInto(
  means: OpeningMeans,
  { source, password, ocr }: Attempt,
  signal: AbortSignal,
  makeRoom: () => void,
): Promise<string> {
  const { store, api, finding } = means;
  const bytes = await source.load();
  const id = await sha256(bytes);
  signal.throwIfAborted();
  const reading = extract(
    { id, bytes, name: source.name, password, ocr },
    {
      signal,
      searcher: finding.searcherOf(id),
      onProgress: (progress) => {
        if (!signal.aborted) store.update((s) => state.pagesRead(s, progress));
      },
    },
  );
  // Shown while its text is still being read; when it cannot be shown, the reading says why.
  const isPdf = async () => kindOfFile(bytes, source.name) === 'pdf';
  const opened = isPdf().then((pdf) => (pdf ? openPdf(bytes, password) : openSheets(bytes, source.name)));
  const showing = opened.then((pdf) => {
    if (signal.aborted) return pdf.close();
    makeRoom();
    store.get().document?.pdf.close();
    store.update((s) => state.pagesShown(s, { id, name: source.name, pdf }));
  });
  showing.catch(() => undefined);
  const document = await reading;
  await showing;
  signal.throwIfAborted();
  if (!source.stored) await storeDocument(id, bytes);
  const { title, words, pages } = document;
  const name = source.name.slice(0, 500) || 'document.pdf';
  await api.addDocument({ id, name, title: title.slice(0, 1_000), pages: pages.length, words });
  const [library, runs, interrupted] = await Promise.all([api.documents(), api.runs(id), api.interruptedRuns(id)]);
  if (signal.aborted) store.update((s) => ({ ...s, library }));
  signal.throwIfAborted();
  store.update((s) => ({ ...state.documentRead(s, document, runs, interrupted), library }));
  return id;
}
