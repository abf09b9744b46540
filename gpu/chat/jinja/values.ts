// What a Jinja template computes with, and how values look as text, compare, and count as true: Python's ways, as far as templates show
// them. A budget counts steps and characters, so that no template runs on or grows without end.

export type Value = string | number | boolean | null | undefined | Value[] | Dict | Callable;

/** Dictionaries and namespaces. */
export type Dict = Map<string, Value>;

export interface Callable {
  readonly call: (positional: Value[], named: Dict) => Value;
}

export const isCallable = (value: Value): value is Callable =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);

/** Nothing that templates do needs lists in lists deeper than this; a list that holds itself has no end. */
const deepest = 32;

export interface BudgetLimits {
  /** Evaluations of parts of the template. */
  readonly steps: number;
  /** Of all strings that are made on the way. */
  readonly characters: number;
  readonly milliseconds: number;
}

/** Looked at the clock after so many steps, each of which touches no more characters than the budget has. */
const stepsOfClock = 64;

/** A template that would go on, or grow: it will not do better with other messages. */
export class LimitError extends Error {}

export class Budget {
  #steps: number;
  #characters: number;
  readonly #end: number;

  constructor({ steps, characters, milliseconds }: BudgetLimits) {
    this.#steps = steps;
    this.#characters = characters;
    this.#end = performance.now() + milliseconds;
  }

  step(count = 1): void {
    const before = this.#steps;
    this.#steps -= count;
    if (this.#steps < 0) throw new LimitError('too many steps');
    const isDue = Math.floor(before / stepsOfClock) !== Math.floor(this.#steps / stepsOfClock);
    if (isDue && performance.now() > this.#end) throw new LimitError('too much time');
  }

  /** Every string that is made is paid for by its length. */
  text(text: string): string {
    this.expectText(text.length);
    this.#characters -= text.length;
    return text;
  }

  /** As many characters as are to be made, asked before they are. */
  expectText(length: number): void {
    if (!(length <= this.#characters)) throw new LimitError('too much text');
  }
}

export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  return Boolean(value);
}

/** As `{{ value }}` shows it. */
export function textOf(value: Value, budget: Budget): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : represented(value, budget, 0);
}

function represented(value: Value, budget: Budget, depth: number): string {
  if (depth > deepest) throw new Error('nested too deeply');
  budget.step();
  if (value === undefined) return 'Undefined';
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') {
    const escaped = value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n');
    return budget.text(`'${escaped}'`);
  }
  if (Array.isArray(value)) return `[${value.map((item) => represented(item, budget, depth + 1)).join(', ')}]`;
  if (value instanceof Map) {
    const entries = [...value].map(
      ([key, item]) => `${represented(key, budget, 0)}: ${represented(item, budget, depth + 1)}`,
    );
    return `{${entries.join(', ')}}`;
  }
  return '<function>';
}

/** JSON with the spaces of Python's. `indent`: spaces of each level. */
export function jsonOf(value: Value, budget: Budget, indent = 0, depth = 0): string {
  if (depth > deepest) throw new Error('nested too deeply');
  budget.step();
  if (value === undefined || value === null) return 'null';
  if (typeof value !== 'object') return budget.text(JSON.stringify(value));
  if (isCallable(value)) throw new Error('a function is no JSON');
  const inner = (item: Value) => jsonOf(item, budget, indent, depth + 1);
  const items = Array.isArray(value)
    ? value.map(inner)
    : [...value].map(([key, item]) => `${JSON.stringify(key)}: ${inner(item)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (items.length === 0) return open + close;
  if (indent === 0) return open + items.join(', ') + close;
  const line = (level: number) => `\n${' '.repeat(Math.min(indent, 16) * level)}`;
  return open + items.map((item) => line(depth + 1) + item).join(',') + line(depth) + close;
}

export function areEqual(a: Value, b: Value, budget: Budget, depth = 0): boolean {
  if (depth > deepest) throw new Error('nested too deeply');
  budget.step();
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => areEqual(item, b[i], budget, depth + 1));
  }
  if (a instanceof Map && b instanceof Map) {
    return (
      a.size === b.size && [...a].every(([key, item]) => b.has(key) && areEqual(item, b.get(key), budget, depth + 1))
    );
  }
  if (typeof a === 'boolean' && typeof b === 'number') return Number(a) === b;
  if (typeof a === 'number' && typeof b === 'boolean') return a === Number(b);
  return a === b;
}

/** Negative, zero or positive; throws for values without an order. */
export function compare(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b);
  return numberOf(a) - numberOf(b);
}

export function numberOf(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  throw new Error(`${typeName(value)} in place of a number`);
}

export const typeName = (value: Value): string =>
  value === null ? 'none' : Array.isArray(value) ? 'a list' : value instanceof Map ? 'a dictionary' : typeof value;

export function isIn(item: Value, whole: Value, budget: Budget): boolean {
  if (typeof whole === 'string') return whole.includes(textOf(item, budget));
  if (whole instanceof Map) return typeof item === 'string' && whole.has(item);
  if (!Array.isArray(whole)) throw new Error(`in ${typeName(whole)}`);
  return whole.some((one) => areEqual(one, item, budget));
}

/** What `for` goes over: items, keys, or characters. */
export function itemsOf(value: Value, budget: Budget): Value[] {
  const items = Array.isArray(value) ? value : value instanceof Map ? [...value.keys()] : undefined;
  if (items) {
    budget.step(items.length);
    return items;
  }
  if (typeof value === 'string') {
    budget.text(value);
    return [...value];
  }
  if (value === undefined) return [];
  throw new Error(`${typeName(value)} has no items`);
}

/** `value[start:stop:step]` of a list or a string. */
export function sliceOf(value: Value, bounds: readonly (number | undefined)[], budget: Budget): Value {
  if (typeof value !== 'string' && !Array.isArray(value)) throw new Error(`a slice of ${typeName(value)}`);
  const items: Value[] = itemsOf(value, budget);
  const step = bounds[2] ?? 1;
  if (step === 0) throw new Error('a slice of step 0');
  const size = items.length;
  const place = (bound: number | undefined, otherwise: number) => {
    if (bound === undefined) return otherwise;
    const at = bound < 0 ? bound + size : bound;
    return step > 0 ? Math.min(size, Math.max(0, at)) : Math.min(size - 1, Math.max(-1, at));
  };
  const [from, until] =
    step > 0 ? [place(bounds[0], 0), place(bounds[1], size)] : [place(bounds[0], size - 1), place(bounds[1], -1)];
  const chosen: Value[] = [];
  for (let i = from; step > 0 ? i < until : i > until; i += step) chosen.push(items[i]);
  return typeof value === 'string' ? budget.text(chosen.join('')) : chosen;
}
