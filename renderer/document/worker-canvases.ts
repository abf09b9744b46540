// Canvases and filters for pdf.js in a worker, where there is no document to make them with.
export class WorkerCanvases {
  create(width: number, height: number) {
    const canvas = new OffscreenCanvas(width, height);
    return { canvas, context: canvas.getContext('2d', { willReadFrequently: true }) };
  }
  getNoAlphaContext(canvas: OffscreenCanvas) {
    return canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  }
  reset(pair: { canvas: OffscreenCanvas }, width: number, height: number) {
    pair.canvas.width = width;
    pair.canvas.height = height;
  }
  destroy(pair: { canvas?: OffscreenCanvas; context?: unknown }) {
    pair.canvas = undefined;
    pair.context = undefined;
  }
}

/** Filters change colours of pages for high contrast, which letters to be recognised do not need. */
export class NoFilters {
  addFilter = () => 'none';
  addHCMFilter = () => 'none';
  addAlphaFilter = () => 'none';
  addLuminosityFilter = () => 'none';
  addHighlightHCMFilter = () => 'none';
  addKnockoutFilter = () => 'none';
  addSelectionHCMFilter = () => 'none';
  createSelectionStyle = () => undefined;
  destroy() {}
}
