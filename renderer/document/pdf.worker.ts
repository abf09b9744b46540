// The worker in which pdf.js works through a PDF for the window. What a PDF may expand to is limited before pdf.js is loaded,
// which then listens to this worker's messages by itself.
import './pdf-limits.ts';
import 'pdfjs-dist/build/pdf.worker.min.mjs';
