// The thread in which pdf.js works through a PDF for the extractor. What a PDF may expand to is limited before pdf.js is loaded.
import { parentPort } from 'node:worker_threads';
import { limitArrays } from '../../../reading/pdf/array-limit.ts';

const port = parentPort!;
// pdf.js passes over messages that are addressed to another.
limitArrays(() => port.postMessage({ targetName: 'extractor' }));
const { WorkerMessageHandler } = await import('pdfjs-dist/legacy/build/pdf.worker.mjs');
WorkerMessageHandler.initializeFromPort(port);
