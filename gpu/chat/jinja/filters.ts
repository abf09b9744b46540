// Filters (`value | name`), tests (`value is name`) and functions of Jinja that chat templates use.
import { capitalized, replaced, stripped, titled } from './methods.ts';
import {
  areEqual,
  type Budget,
  compare,
  type Dict,
  isCallable,
  isIn,
  isTrue,
  itemsOf,
  jsonOf,
  numberOf,
  textOf,
  type Value,
} from './values.ts';

type Filter = (value: Value, positional: Value[], named: Dict, budget: Budget) => Value;

/** `a.b.0` of each item. */
function attributeOf(item: Value, path: Value, budget: Budget): Value {
  let value = item;
  for (const name of textOf(path, budget).split('.')) {
    if (value instanceof Map) value = value.get(name);
    else if (Array.isArray(value)) value = value[Number(name)];
    else return undefined;
  }
  return value;
}

/** select, reject, selectattr, rejectattr: items of which a test holds, or does not. */
const chosen =
  (keeps: boolean, byAttribute: boolean): Filter =>
  (value, positional, _, budget) => {
    const [path, rest] = byAttribute ? [positional[0], positional.slice(1)] : [undefined, positional];
    return itemsOf(value ?? [], budget).filter((item) => {
      const subject = byAttribute ? attributeOf(item, path, budget) : item;
      const holds = rest.length === 0 ? isTrue(subject) : test(textOf(rest[0], budget), subject, rest.slice(1), budget);
      return holds === keeps;
    });
  };

const map: Filter = (value, positional, named, budget) => {
  const attribute = named.get('attribute');
  const items = itemsOf(value ?? [], budget);
  if (attribute === undefined) {
    return items.map((item) => filter(textOf(positional[0], budget), item, positional.slice(1), new Map(), budget));
  }
  return items.map((item) => attributeOf(item, attribute, budget) ?? named.get('default'));
};

const sort: Filter = (value, positional, named, budget) => {
  const attribute = named.get('attribute') ?? positional[2];
  const items = itemsOf(value, budget);
  budget.step(items.length * 16);
  const key = (item: Value) => {
    const found = attribute === undefined ? item : attributeOf(item, attribute, budget);
    return typeof found === 'string' ? budget.text(found.toLowerCase()) : found;
  };
  const keyed = items.map((item) => ({ item, key: key(item) }));
  const sorted = keyed.sort((a, b) => compare(a.key, b.key)).map(({ item }) => item);
  return isTrue(named.get('reverse') ?? positional[0]) ? sorted.reverse() : sorted;
};

const join: Filter = (value, positional, named, budget) => {
  const attribute = named.get('attribute') ?? positional[1];
  const between = textOf(named.get('d') ?? positional[0], budget);
  const items = itemsOf(value, budget).map((item) =>
    textOf(attribute === undefined ? item : attributeOf(item, attribute, budget), budget),
  );
  budget.expectText(items.reduce((sum, item) => sum + item.length + between.length, 0));
  return budget.text(items.join(between));
};

const indent: Filter = (value, positional, named, budget) => {
  const width = named.get('width') ?? positional[0] ?? 4;
  const by = typeof width === 'number' ? ' '.repeat(Math.min(64, Math.max(0, width))) : textOf(width, budget);
  const lines = textOf(value, budget).split('\n');
  budget.expectText(textOf(value, budget).length + lines.length * by.length);
  const indented = lines.map((line, i) =>
    (i === 0 ? isTrue(named.get('first') ?? positional[1]) : line !== '') ? by + line : line,
  );
  return budget.text(indented.join('\n'));
};

const lengthOf: Filter = (value, _, __, budget) => {
  if (value instanceof Map) return value.size;
  if (value === undefined) return 0;
  return itemsOf(value, budget).length;
};

const integer = (value: Value, otherwise: Value): Value => {
  const found = typeof value === 'string' ? Number.parseInt(value, 10) : Number(value);
  return Number.isFinite(found) ? Math.trunc(found) : (otherwise ?? 0);
};

const filters: Readonly<Record<string, Filter>> = {
  abs: (value) => Math.abs(numberOf(value)),
  capitalize: (value, _, __, budget) => budget.text(capitalized(textOf(value, budget))),
  count: lengthOf,
  default: (value, [otherwise, falsy], named) =>
    value === undefined || (isTrue(falsy ?? named.get('boolean')) && !isTrue(value))
      ? (otherwise ?? named.get('default_value') ?? '')
      : value,
  dictsort: (value, _, __, budget) => {
    if (!(value instanceof Map)) throw new Error('dictsort of no dictionary');
    const keys = sort([...value.keys()], [], new Map(), budget) as Value[];
    return keys.map((key): Value => [key, value.get(textOf(key, budget))]);
  },
  first: (value, _, __, budget) => itemsOf(value, budget)[0],
  float: (value) => Number(typeof value === 'string' ? Number.parseFloat(value) : value) || 0,
  indent,
  int: (value, [otherwise]) => integer(value, otherwise),
  items: (value) => (value instanceof Map ? [...value].map(([key, item]): Value => [key, item]) : []),
  join,
  last: (value, _, __, budget) => itemsOf(value, budget).at(-1),
  length: lengthOf,
  list: (value, _, __, budget) => [...itemsOf(value, budget)],
  lower: (value, _, __, budget) => budget.text(textOf(value, budget).toLowerCase()),
  map,
  max: (value, _, __, budget) => itemsOf(value, budget).reduce((a, b) => (compare(a, b) >= 0 ? a : b)),
  min: (value, _, __, budget) => itemsOf(value, budget).reduce((a, b) => (compare(a, b) <= 0 ? a : b)),
  reject: chosen(false, false),
  rejectattr: chosen(false, true),
  replace: (value, [old, by, count], _, budget) =>
    replaced(
      textOf(value, budget),
      textOf(old, budget),
      textOf(by, budget),
      count === undefined ? -1 : numberOf(count),
      budget,
    ),
  reverse: (value, _, __, budget) => {
    const reversed = [...itemsOf(value, budget)].reverse();
    return typeof value === 'string' ? budget.text(reversed.join('')) : reversed;
  },
  round: (value, [digits]) => {
    const scale = 10 ** Math.min(12, numberOf(digits ?? 0));
    return Math.round(numberOf(value) * scale) / scale;
  },
  // Nothing is escaped, so nothing needs to be marked as safe.
  safe: (value) => value,
  select: chosen(true, false),
  selectattr: chosen(true, true),
  sort,
  string: (value, _, __, budget) => budget.text(textOf(value, budget)),
  sum: (value, _, __, budget) => itemsOf(value, budget).reduce<number>((sum, item) => sum + numberOf(item), 0),
  title: (value, _, __, budget) => budget.text(titled(textOf(value, budget))),
  tojson: (value, [width], named, budget) => jsonOf(value, budget, numberOf(named.get('indent') ?? width ?? 0)),
  trim: (value, [characters], _, budget) => budget.text(stripped(textOf(value, budget), characters, 'both')),
  unique: (value, _, __, budget) => {
    const found: Value[] = [];
    for (const item of itemsOf(value, budget)) if (!isIn(item, found, budget)) found.push(item);
    return found;
  },
  upper: (value, _, __, budget) => budget.text(textOf(value, budget).toUpperCase()),
};
const sameFilter: Readonly<Record<string, string>> = { d: 'default' };

/** Throws an Error for a filter that is not known. */
export function filter(name: string, value: Value, positional: Value[], named: Dict, budget: Budget): Value {
  const known = Object.hasOwn(sameFilter, name) ? sameFilter[name] : name;
  if (!Object.hasOwn(filters, known)) throw new Error(`the filter ${name}`);
  budget.step();
  return filters[known](value, positional, named, budget);
}

type Test = (value: Value, positional: Value[], budget: Budget) => boolean;

const isNumber: Test = (value) => typeof value === 'number';
const equals: Test = (value, [other], budget) => areEqual(value, other, budget);

const tests: Readonly<Record<string, Test>> = {
  boolean: (value) => typeof value === 'boolean',
  callable: (value) => isCallable(value),
  defined: (value) => value !== undefined,
  divisibleby: (value, [by]) => numberOf(value) % numberOf(by) === 0,
  eq: equals,
  equalto: equals,
  even: (value) => numberOf(value) % 2 === 0,
  false: (value) => value === false,
  float: (value) => typeof value === 'number' && !Number.isInteger(value),
  ge: (value, [other]) => compare(value, other) >= 0,
  gt: (value, [other]) => compare(value, other) > 0,
  in: (value, [whole], budget) => isIn(value, whole, budget),
  integer: (value) => Number.isInteger(value),
  iterable: (value) => typeof value === 'string' || Array.isArray(value) || value instanceof Map,
  le: (value, [other]) => compare(value, other) <= 0,
  lower: (value) => typeof value === 'string' && value === value.toLowerCase(),
  lt: (value, [other]) => compare(value, other) < 0,
  mapping: (value) => value instanceof Map,
  ne: (value, [other], budget) => !areEqual(value, other, budget),
  none: (value) => value === null,
  number: isNumber,
  odd: (value) => Math.abs(numberOf(value)) % 2 === 1,
  sameas: equals,
  sequence: (value) => typeof value === 'string' || Array.isArray(value) || value instanceof Map,
  string: (value) => typeof value === 'string',
  true: (value) => value === true,
  undefined: (value) => value === undefined,
  upper: (value) => typeof value === 'string' && value === value.toUpperCase(),
};

/** Throws an Error for a test that is not known. */
export function test(name: string, value: Value, positional: Value[], budget: Budget): boolean {
  if (!Object.hasOwn(tests, name)) throw new Error(`the test ${name}`);
  budget.step();
  return tests[name](value, positional, budget);
}
