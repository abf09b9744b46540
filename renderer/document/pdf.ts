// A PDF that is open for showing, in a worker of its own that ends with it.
import { pdfjs, startPdfEngine } from './pdf-engine.ts';

/** Pixels. A larger picture is left out rather than taking all memory. */
const LARGEST_PICTURE = 64 << 20;
/** Milliseconds. A page that takes longer stays blank: its drawing was made never to end. */
const LONGEST_DRAWING = 30_000;

export interface PageSize {
  /** PDF points, rotation applied. */
  width: number;
  height: number;
}

/** A page on its way to the screen. */
export interface Drawing {
  done: Promise<void>;
  /** Takes it back. */
  end(): void;
}

/** A PDF, or a text on sheets, whose pages can be shown. */
export interface OpenPdf {
  readonly pageCount: number;
  readonly firstPage: PageSize;
  /**
   * Puts a canvas into `paper` and the page's words, where they are wanted, over it into `words`. `scale` in CSS pixels per point,
   * `pixels` of the canvas per CSS pixel.
   */
  draw(number: number, scale: number, pixels: number, paper: HTMLElement, words?: HTMLElement): Drawing;
  close(): void;
}

/** Opens for showing. Takes a copy of `bytes`; rejects with pdf.js's own errors. */
export async function openPdf(bytes: Uint8Array, password?: string): Promise<OpenPdf> {
  const engine = startPdfEngine({ maxImageSize: LARGEST_PICTURE });
  try {
    const opening = engine.getDocument({ data: bytes.slice(), password }).promise as Promise<pdfjs.PDFDocumentProxy>;
    const document = await opening;
    const { width, height } = (await document.getPage(1)).getViewport({ scale: 1 });
    return {
      pageCount: document.numPages,
      firstPage: { width, height },
      draw: (number, scale, pixels, paper, words) => drawPage(document.getPage(number), scale, pixels, paper, words),
      close: () => engine.end(),
    };
  } catch (error) {
    engine.end();
    throw error;
  }
}

function drawPage(
  asked: Promise<pdfjs.PDFPageProxy>,
  scale: number,
  pixels: number,
  paper: HTMLElement,
  words?: HTMLElement,
): Drawing {
  let ended = false;
  let end = () => {};
  // Of a page that was drawn in small pdf.js need hold nothing, pictures above all; of one that is being drawn elsewhere too it does.
  let letGo = () => {};
  const draw = async () => {
    const page = await asked;
    if (ended) return;
    if (!words) letGo = () => void page.cleanup();
    const viewport = page.getViewport({ scale });
    const canvas = document.createElement('canvas');
    canvas.width = Math.floor(viewport.width * pixels);
    canvas.height = Math.floor(viewport.height * pixels);
    const task = page.render({ canvas, viewport, transform: [pixels, 0, 0, pixels, 0, 0] });
    end = () => task.cancel();
    const timer = setTimeout(end, LONGEST_DRAWING);
    await task.promise.finally(() => clearTimeout(timer));
    if (ended) return;
    paper.replaceChildren(canvas);
    paper.dataset.drawn = 'true';
    if (!words) return letGo();
    const layer = new pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container: words, viewport });
    end = () => layer.cancel();
    words.replaceChildren();
    await layer.render();
  };
  return {
    done: draw(),
    end: () => {
      ended = true;
      end();
      letGo();
    },
  };
}
