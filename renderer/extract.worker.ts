// The worker in which a document is read: pdf.js has another one under it, which can be ended; layout and sentences are worked out
// here, so that the window is never blocked. Reads one document and is then ended by extraction.ts.
import { readPdf } from '../reading/pdf.ts';
import type { Extract, FromExtractor } from './extraction.ts';
import { startPdfEngine } from './pdf-engine.ts';

const post = (message: FromExtractor) => self.postMessage(message);

self.onmessage = async ({ data: { bytes, ...options } }: MessageEvent<Extract>) => {
  try {
    const document = await readPdf(() => startPdfEngine(), bytes, {
      ...options,
      onProgress: (progress) => post({ progress }),
    });
    post({ document });
  } catch (error) {
    const { name = '', kind = '', message = '', detail = '' } = error as Record<string, string | undefined>;
    post({ failure: { name, kind, message, detail } });
  }
};
