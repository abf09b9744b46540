// Reads numbers and strings one after another from a ByteSource, fetching it in growing pieces, so that a header of 10 MB costs
// 10 MB of a file of 40 GB. Every length is checked against a limit and the end of the file before a byte is fetched for it.
import type { ByteSource } from '../api.ts';
import { damaged, incomplete } from './refusals.ts';

const firstPiece = 256 * 1024;
const largestPiece = 4 * 1024 * 1024;

export interface CursorLimits {
  /** No header goes beyond this offset. */
  headerBytes: number;
}

export class HeaderCursor {
  readonly #source: ByteSource;
  readonly #limit: number;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #piece: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #view = new DataView(this.#piece.buffer);
  /** Offset in the file of the piece's first byte, and of the next byte within the piece. */
  #start = 0;
  #at = 0;
  #nextPiece = firstPiece;

  constructor(source: ByteSource, limits: CursorLimits) {
    this.#source = source;
    this.#limit = limits.headerBytes;
  }

  get position(): number {
    return this.#start + this.#at;
  }

  has(length: number): boolean {
    return this.#at + length <= this.#piece.length;
  }

  /** Makes `length` bytes readable; `field` names what they are for. */
  async need(length: number, field: string): Promise<void> {
    if (this.has(length)) return;
    const position = this.position;
    if (position + length > this.#source.size) throw incomplete(this.#source.size);
    if (position + length > this.#limit) throw damaged(`${field} makes the header larger than any model's`);
    const wanted = Math.min(Math.max(length, this.#nextPiece), this.#source.size - position);
    this.#nextPiece = Math.min(this.#nextPiece * 2, largestPiece);
    this.#piece = await this.#source.read(position, wanted);
    if (this.#piece.length !== wanted) throw incomplete(position + this.#piece.length);
    this.#view = new DataView(this.#piece.buffer, this.#piece.byteOffset, this.#piece.length);
    this.#start = position;
    this.#at = 0;
  }

  /** The next `length` bytes, not copied, and the view that reads them; call `need` first. */
  take(length: number): { view: DataView; at: number } {
    const at = this.#at;
    this.#at += length;
    return { view: this.#view, at };
  }

  async u32(field: string): Promise<number> {
    await this.need(4, field);
    const { view, at } = this.take(4);
    return view.getUint32(at, true);
  }

  /** A count, length, dimension or offset: at most `limit`, which is at most 2^53. */
  async count(field: string, limit: number): Promise<number> {
    await this.need(8, field);
    return this.nextCount(field, limit);
  }

  /** As `count`, when `has(8)` is known. */
  nextCount(field: string, limit: number): number {
    const { view, at } = this.take(8);
    const value = view.getUint32(at, true) + view.getUint32(at + 4, true) * 0x1_0000_0000;
    if (value > limit) throw damaged(`${field} is ${value}`);
    return value;
  }

  async string(field: string, limit: number): Promise<string> {
    const length = await this.count(`the length of ${field}`, limit);
    await this.need(length, field);
    return this.nextString(length);
  }

  /** As `string`, when `has(length)` is known. Bytes that are no UTF-8 become U+FFFD. */
  nextString(length: number): string {
    const start = this.#at;
    this.#at += length;
    // Most strings of a header are tokens of a few ASCII characters, for which a decoder call costs more than the characters.
    if (length <= 16) {
      let value = '';
      let at = start;
      for (; at < start + length && this.#piece[at] < 0x80; at++) value += String.fromCharCode(this.#piece[at]);
      if (at === start + length) return value;
    }
    return this.#decoder.decode(this.#piece.subarray(start, start + length));
  }
}
