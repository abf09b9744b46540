// The process in which a document is read for the terminal: a file that makes pdf.js hang, grow or break down ends this process at
// most, and not the one that holds the model. Started by extraction.ts, which it answers with progress and one outcome.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { readFile as readDocument, recognisedPages } from '../../../reading/index.ts';
import type { Extract, FromExtractor } from './extraction.ts';
import { pdfEngines, pdfResources } from './pdf-engine.ts';
import { openRecogniser } from './recogniser.ts';

const send = (message: FromExtractor): Promise<void> =>
  new Promise((sent) => {
    if (process.connected) process.send!(message, () => sent());
    else sent();
  });

/** Most memory that this process held. On Linux maxRSS begins with what the process held that started this one. */
const peakBytes = (): number => {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))!;
    return Number(kilobytes) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
};

const keptPages = async (dataFolder: string, bytes: Uint8Array) => {
  const { fileRecognised } = await import('./recognised.ts');
  return recognisedPages(fileRecognised(dataFolder), createHash('sha256').update(bytes).digest('hex'));
};

const extract = async ({
  path,
  name,
  password,
  keepRunningLines,
  ocr,
  dataFolder,
}: Extract): Promise<FromExtractor> => {
  try {
    const bytes = await readFile(path);
    const document = await readDocument(
      await pdfEngines(bytes.length),
      new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length),
      {
        name,
        password,
        keepRunningLines,
        resources: pdfResources(),
        recogniser: ocr ? openRecogniser : undefined,
        recognised: dataFolder === undefined ? undefined : await keptPages(dataFolder, bytes),
        onProgress: (progress) => void send({ progress }),
      },
    );
    return { document, peakBytes: peakBytes() };
  } catch (error) {
    const { name: kindOfError, kind = '', message, detail = '', code = '' } = error as Record<string, string>;
    return {
      failure: { name: kindOfError, kind, message, detail, code },
      peakBytes: peakBytes(),
    };
  }
};

// Whoever asked is gone: nobody waits for an answer.
process.on('disconnect', () => process.exit(1));
// Ctrl+C reaches the whole group of processes: the one at the terminal says what is to be said and ends this one.
process.on('SIGINT', () => undefined);
process.once('message', (request) => {
  void extract(request as Extract)
    .then(send)
    .then(() => process.exit(0));
});
