// A cap on what a PDF may expand to, for the thread or worker in which pdf.js runs. pdf.js has none of its own: 2 KB of it can
// inflate to a gigabyte. Every decoder of pdf.js grows a Uint8Array or reads a DecompressionStream, so both are watched.
// Called once, before pdf.js is imported.

/** Bytes that one stream of a PDF may expand to. */
export const LARGEST_STREAM = 256 * 1024 * 1024;

interface Global {
  Uint8Array: Uint8ArrayConstructor;
  DecompressionStream?: new (format: string) => { readable: Chunks; writable: unknown };
  TransformStream: new (how: {
    transform(chunk: Uint8Array, to: { enqueue(chunk: Uint8Array): void }): void;
  }) => { readable: Chunks; writable: unknown };
}
interface Chunks {
  pipeThrough(through: { readable: Chunks; writable: unknown }): Chunks;
}

/** `alarm` is called when the cap is passed, and whoever asked for more gets a RangeError. */
export const limitArrays = (alarm: () => void, limit = LARGEST_STREAM): void => {
  const scope = globalThis as unknown as Global;
  const refuse = (): never => {
    alarm();
    throw new RangeError('expands to more than may be held');
  };
  const Native = scope.Uint8Array;
  const Limited = function Limited(...values: unknown[]): Uint8Array {
    if (typeof values[0] === 'number' && values[0] > limit) refuse();
    return Reflect.construct(Native, values, Native);
  };
  // The same prototype: `instanceof` goes on to hold for every array of bytes, whoever made it.
  Limited.prototype = Native.prototype;
  Object.setPrototypeOf(Limited, Native);
  scope.Uint8Array = Limited as unknown as Uint8ArrayConstructor;

  const Inflate = scope.DecompressionStream;
  if (!Inflate) return;
  scope.DecompressionStream = function LimitedStream(format: string) {
    const { readable, writable } = new Inflate(format);
    let bytes = 0;
    const counted = new scope.TransformStream({
      transform(chunk, to) {
        bytes += chunk.byteLength;
        if (bytes > limit) refuse();
        to.enqueue(chunk);
      },
    });
    return { readable: readable.pipeThrough(counted), writable };
  } as unknown as NonNullable<Global['DecompressionStream']>;
};
