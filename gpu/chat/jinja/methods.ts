// Methods of strings, lists and dictionaries: Python's, by the names that templates call.
import {
  areEqual,
  type Budget,
  type Callable,
  type Dict,
  isIn,
  itemsOf,
  numberOf,
  textOf,
  type Value,
} from './values.ts';

type Method<T> = (self: T, positional: Value[], budget: Budget, named: Dict) => Value;

/** The method `name` of a value, bound to it; undefined when it has none. */
export function methodOf(value: Value, name: string, budget: Budget): Callable | undefined {
  const bind = <T>(methods: Readonly<Record<string, Method<T>>>, self: T): Callable | undefined =>
    Object.hasOwn(methods, name)
      ? {
          call: (positional, named) => {
            budget.step();
            return methods[name](self, positional, budget, named);
          },
        }
      : undefined;
  if (typeof value === 'string') return bind(ofStrings, value);
  if (Array.isArray(value)) return bind(ofLists, value);
  return value instanceof Map ? bind(ofDicts, value) : undefined;
}

const isOneOf = (characters: string) => (character: string) => characters.includes(character);
const isSpace = (character: string) => /\s/.test(character);

/** `text` without characters of `characters` (white space when absent) at its ends. */
export function stripped(text: string, characters: Value, ends: 'both' | 'left' | 'right'): string {
  const drops = typeof characters === 'string' ? isOneOf(characters) : isSpace;
  let from = 0;
  let until = text.length;
  if (ends !== 'right') while (from < until && drops(text[from])) from++;
  if (ends !== 'left') while (until > from && drops(text[until - 1])) until--;
  return text.slice(from, until);
}

export function replaced(text: string, old: string, by: string, count: number, budget: Budget): string {
  if (old === '') return text;
  const parts = splitText(text, old, count, budget);
  budget.expectText(text.length + parts.length * by.length);
  return budget.text(parts.join(by));
}

/** At most `count` cuts; all when it is negative. */
function splitText(text: string, separator: string, count: number, budget: Budget): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf(separator); at >= 0 && parts.length !== count; at = text.indexOf(separator, from)) {
    budget.step();
    parts.push(text.slice(from, at));
    from = at + separator.length;
  }
  parts.push(text.slice(from));
  budget.text(text);
  return parts;
}

function split(text: string, [separator, most]: Value[], budget: Budget, named: Dict): Value {
  const count = numberOf(most ?? named.get('maxsplit') ?? -1);
  if (separator === undefined || separator === null) return text.trim() === '' ? [] : text.trim().split(/\s+/);
  if (textOf(separator, budget) === '') throw new Error('split at nothing');
  return splitText(text, textOf(separator, budget), count, budget);
}

/** Cuts from the end. */
function rsplit(text: string, [separator, most]: Value[], budget: Budget, named: Dict): Value {
  const count = numberOf(most ?? named.get('maxsplit') ?? -1);
  const parts = splitText(text, textOf(separator, budget), -1, budget);
  if (count < 0 || parts.length <= count + 1) return parts;
  const kept = parts.length - count;
  return [parts.slice(0, kept).join(textOf(separator, budget)), ...parts.slice(kept)];
}

const anyOf = (value: Value, budget: Budget): string[] =>
  (Array.isArray(value) ? value : [value]).map((one) => textOf(one, budget));

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();

export const titled = (text: string): string => text.replace(/\p{L}+/gu, capitalized);

const ofStrings: Readonly<Record<string, Method<string>>> = {
  strip: (text, [characters], budget) => budget.text(stripped(text, characters, 'both')),
  lstrip: (text, [characters], budget) => budget.text(stripped(text, characters, 'left')),
  rstrip: (text, [characters], budget) => budget.text(stripped(text, characters, 'right')),
  startswith: (text, [beginning], budget) => anyOf(beginning, budget).some((one) => text.startsWith(one)),
  endswith: (text, [end], budget) => anyOf(end, budget).some((one) => text.endsWith(one)),
  removeprefix: (text, [beginning], budget) =>
    text.startsWith(textOf(beginning, budget)) ? text.slice(textOf(beginning, budget).length) : text,
  removesuffix: (text, [end], budget) =>
    text.endsWith(textOf(end, budget)) && end !== '' ? text.slice(0, -textOf(end, budget).length) : text,
  upper: (text, _, budget) => budget.text(text.toUpperCase()),
  lower: (text, _, budget) => budget.text(text.toLowerCase()),
  capitalize: (text, _, budget) => budget.text(capitalized(text)),
  title: (text, _, budget) => budget.text(titled(text)),
  split,
  rsplit,
  splitlines: (text, _, budget) => {
    budget.text(text);
    return text.split('\n');
  },
  replace: (text, [old, by, count], budget) =>
    replaced(text, textOf(old, budget), textOf(by, budget), count === undefined ? -1 : numberOf(count), budget),
  join: (text, [list], budget) => {
    const items = itemsOf(list, budget).map((item) => textOf(item, budget));
    budget.expectText(items.reduce((sum, item) => sum + item.length + text.length, 0));
    return budget.text(items.join(text));
  },
  find: (text, [part], budget) => text.indexOf(textOf(part, budget)),
  count: (text, [part], budget) => splitText(text, textOf(part, budget) || '\0', -1, budget).length - 1,
  isdigit: (text) => /^\d+$/.test(text),
  isalpha: (text) => /^\p{L}+$/u.test(text),
  isspace: (text) => text !== '' && text.trim() === '',
};

const ofLists: Readonly<Record<string, Method<Value[]>>> = {
  append: (list, [item]) => {
    list.push(item);
    return null;
  },
  extend: (list, [more], budget) => {
    for (const item of [...itemsOf(more, budget)]) list.push(item);
    return null;
  },
  insert: (list, [at, item]) => {
    list.splice(numberOf(at), 0, item);
    return null;
  },
  pop: (list, [at]) => {
    if (list.length === 0) throw new Error('pop from an empty list');
    return list.splice(at === undefined ? -1 : numberOf(at), 1)[0];
  },
  index: (list, [item], budget) => {
    const at = list.findIndex((one) => areEqual(one, item, budget));
    if (at < 0) throw new Error('not in the list');
    return at;
  },
  count: (list, [item], budget) => list.filter((one) => areEqual(one, item, budget)).length,
};

const ofDicts: Readonly<Record<string, Method<Dict>>> = {
  get: (dict, [key, otherwise], budget) => {
    const name = textOf(key, budget);
    return dict.has(name) ? dict.get(name) : (otherwise ?? null);
  },
  items: (dict, _, budget) => {
    budget.step(dict.size);
    return [...dict].map(([key, value]): Value => [key, value]);
  },
  keys: (dict, _, budget) => itemsOf(dict, budget),
  values: (dict, _, budget) => {
    budget.step(dict.size);
    return [...dict.values()];
  },
  pop: (dict, [key, otherwise], budget) => {
    const value = dict.get(textOf(key, budget)) ?? otherwise;
    dict.delete(textOf(key, budget));
    return value;
  },
  update: (dict, [more], budget) => {
    for (const key of itemsOf(more, budget))
      dict.set(textOf(key, budget), more instanceof Map ? more.get(textOf(key, budget)) : undefined);
    return null;
  },
  __contains__: (dict, [key], budget) => isIn(key, dict, budget),
};
