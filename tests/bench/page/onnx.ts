// ONNX files with one chain of operators each, encoded by hand: a dozen fields of a protobuf are all that they take.

const utf8 = new TextEncoder();

function joined(...parts: (Uint8Array | Uint8Array[])[]): Uint8Array<ArrayBuffer> {
  const flat = parts.flat();
  const all = new Uint8Array(flat.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of flat) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function variable(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.from([...bytes, rest]);
}

const integer = (field: number, value: number) => joined(variable(field * 8), variable(value));
const bytes = (field: number, value: Uint8Array) => joined(variable(field * 8 + 2), variable(value.length), value);
const text = (field: number, value: string) => bytes(field, utf8.encode(value));

const elementTypes = { float: 1, uint8: 2, int32: 6 } as const;
type ElementType = keyof typeof elementTypes;

export interface OnnxNode {
  operator: string;
  inputs: string[];
  outputs: string[];
  attributes?: Record<string, number>;
}

function node({ operator, inputs, outputs, attributes = {} }: OnnxNode): Uint8Array {
  const attribute = ([name, value]: [string, number]) =>
    bytes(5, joined(text(1, name), integer(3, value), integer(20, 2)));
  const domain = operator === 'MatMul' ? [] : [text(7, 'com.microsoft')];
  const names = [...inputs.map((name) => text(1, name)), ...outputs.map((name) => text(2, name))];
  return bytes(1, joined(names, text(4, operator), Object.entries(attributes).map(attribute), domain));
}

export interface OnnxTensor {
  name: string;
  shape: number[];
  type: ElementType;
  values: Float32Array | Uint8Array | Int32Array;
}

const constant = ({ name, shape, type, values }: OnnxTensor) => {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const dimensions = shape.map((length) => integer(1, length));
  return bytes(5, joined(dimensions, integer(2, elementTypes[type]), text(8, name), bytes(9, raw)));
};

const value = (field: number, [name, shape]: [string, number[]]) => {
  const dimensions = joined(...shape.map((length) => bytes(1, integer(1, length))));
  const tensor = joined(integer(1, elementTypes.float), bytes(2, dimensions));
  return bytes(field, joined(text(1, name), bytes(2, bytes(1, tensor))));
};

/** A whole model: f32 inputs and outputs by name with their shapes. */
export function onnxModel(
  nodes: OnnxNode[],
  constants: OnnxTensor[],
  inputs: Record<string, number[]>,
  outputs: Record<string, number[]>,
): Uint8Array<ArrayBuffer> {
  const graph = joined(
    nodes.map(node),
    text(2, 'bench'),
    constants.map(constant),
    Object.entries(inputs).map((one) => value(11, one)),
    Object.entries(outputs).map((one) => value(12, one)),
  );
  const sets = [bytes(8, integer(2, 17)), bytes(8, joined(text(1, 'com.microsoft'), integer(2, 1)))];
  return joined(integer(1, 9), bytes(7, graph), sets);
}
