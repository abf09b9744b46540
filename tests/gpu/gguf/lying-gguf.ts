// A tiny, valid llama model whose header fields can each be made to lie: every number that is written has a name, and `lies` replaces
// its value. Without lies it opens.
import { encodeTensor } from './encode-tensor.ts';
import { smallMetadata, smallTensors } from './small-llama.ts';
import { Bytes, type ScalarName, type Typed, type TypedList, typeId, type WriteValue } from './write-gguf.ts';

export type Lies = Readonly<Record<string, number | bigint | string>>;

const typeIds: Readonly<Record<string, number>> = { i32: 5, u32: 4, f32: 6, bool: 7, string: 8, array: 9 };

/**
 * Names: magic, version, tensorCount, metadataCount; for metadata `<key>.keyLength .key .type .value .length .itemType .count`, and
 * `.items` for the length of the first string of a list; for tensors `<name>.nameLength .name .rank .dimension0 .type .offset`.
 */
export function lyingGguf(lies: Lies = {}): Uint8Array<ArrayBuffer> {
  const out = new Bytes();
  const used = new Set<string>();
  const put = (name: string, type: ScalarName, value: unknown) => {
    if (name in lies) used.add(name);
    out.scalar(type, lies[name] ?? value);
  };
  const text = (lengthName: string, name: string, value: string) => {
    if (name in lies) used.add(name);
    const bytes = new TextEncoder().encode(String(lies[name] ?? value));
    put(lengthName, 'u64', bytes.length);
    out.raw(bytes);
  };
  const tensors = smallTensors.slice();
  out.raw(new TextEncoder().encode(String(lies.magic ?? 'GGUF')));
  put('version', 'u32', 3);
  put('tensorCount', 'u64', tensors.length);
  put('metadataCount', 'u64', Object.keys(smallMetadata).length);
  for (const [key, value] of Object.entries(smallMetadata)) {
    text(`${key}.keyLength`, `${key}.key`, key);
    putValue(key, value, put, text);
  }
  let offset = 0;
  const data = tensors.map((tensor) => encodeTensor(tensor.type, tensor.values));
  tensors.forEach(({ name, dimensions, type }, i) => {
    text(`${name}.nameLength`, `${name}.name`, name);
    put(`${name}.rank`, 'u32', dimensions.length);
    dimensions.forEach((dimension, d) => {
      put(`${name}.dimension${d}`, 'u64', dimension);
    });
    put(`${name}.type`, 'u32', typeId(type));
    put(`${name}.offset`, 'u64', offset);
    offset = Math.ceil((offset + data[i].length) / 32) * 32;
  });
  for (const bytes of data) out.align(32).raw(bytes);
  const unused = Object.keys(lies).filter((name) => name !== 'magic' && !used.has(name));
  if (unused.length > 0) throw new Error(`no such field: ${unused.join(', ')}`);
  return out.done();
}

type Put = (name: string, type: ScalarName, value: unknown) => void;
type Text = (lengthName: string, name: string, value: string) => void;

function putValue(key: string, value: WriteValue, put: Put, text: Text): void {
  if (typeof value === 'string') {
    put(`${key}.type`, 'u32', typeIds.string);
    text(`${key}.length`, `${key}.value`, value);
  } else if (typeof value === 'number') {
    put(`${key}.type`, 'u32', typeIds.u32);
    put(`${key}.value`, 'u32', value);
  } else if (typeof value === 'object' && 'type' in value && (value as Typed).type !== 'array') {
    const { type, value: number } = value as Typed;
    put(`${key}.type`, 'u32', typeIds[type]);
    put(`${key}.value`, type, number);
  } else putList(key, listOf(value), put, text);
}

function putList(key: string, list: TypedList, put: Put, text: Text): void {
  put(`${key}.type`, 'u32', typeIds.array);
  put(`${key}.itemType`, 'u32', typeIds[list.type]);
  put(`${key}.count`, 'u64', list.items.length);
  list.items.forEach((item, i) => {
    const name = i === 0 ? `${key}.items` : `${key}.item${i}`;
    if (list.type === 'string') text(name, `${key}.string${i}`, item as string);
    else put(name, list.type, item);
  });
}

function listOf(value: WriteValue): TypedList {
  if (typeof value === 'object' && 'type' in value) return (value as Typed).value as TypedList;
  const items = value as readonly (string | number)[];
  return { type: typeof items[0] === 'string' ? 'string' : 'i32', items };
}
