// The sentences with which a model file is refused. Names that come from the file are shown short and without anything that could
// disturb a line of text, because a hostile file chooses them.
import { EngineError } from '../api.ts';

/** `name` from a file, fit for a sentence: control and format characters replaced, at most 60 characters. */
export function shown(name: string): string {
  const clean = name.slice(0, 200).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
  const characters = [...clean];
  return characters.length > 60 ? `${characters.slice(0, 59).join('')}…` : clean;
}

/** `field` reads as what is wrong: "the tensor count is 0", "token_embd.weight lies outside the file". */
export function damaged(field: string): EngineError {
  return new EngineError('damaged-model', `This model file is damaged: ${field}. Download it again.`);
}

/** `what` completes "This app cannot run … models yet." */
export function unsupported(what: string): EngineError {
  return new EngineError('unsupported-model', `This app cannot run ${what} models yet.`);
}

/** `feature` completes "This app cannot run models with … yet." */
export function unsupportedWith(feature: string): EngineError {
  return new EngineError('unsupported-model', `This app cannot run models with ${feature} yet.`);
}

/** A file that ends too early; `whole` in bytes where the header was read far enough to know it. */
export function incomplete(bytes: number, whole?: number): EngineError {
  const found = whole === undefined ? `only ${size(bytes, bytes)} ${unit(bytes)}` : sizes(bytes, whole);
  return new EngineError('damaged-model', `The model file is incomplete (${found}). Download it again.`);
}

const units: readonly [number, string][] = [
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
  [1, 'bytes'],
];
const scaleOf = (bytes: number) => units.find(([scale]) => bytes >= scale) ?? units[3];
const unit = (bytes: number) => scaleOf(bytes)[1];

function size(bytes: number, inUnitOf: number, digits = 1): string {
  const [scale] = scaleOf(inUnitOf);
  return scale === 1 ? String(bytes) : (bytes / scale).toFixed(digits);
}

/** "1.2 of 4.1 GB", with as many digits as it takes for the two numbers to differ. */
function sizes(bytes: number, whole: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const [part, all] = [size(bytes, whole, digits), size(whole, whole, digits)];
    if (part !== all) return `${part} of ${all} ${unit(whole)}`;
  }
  return `${bytes} of ${whole} bytes`;
}

/** `what` names the file where there is a name to tell. */
export const modelGone = (what: string, detail: string): EngineError =>
  new EngineError(
    'model-gone',
    `${what} is gone or changed; your documents and history are kept. Choose the model again.`,
    detail,
  );
