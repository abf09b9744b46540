// Runs a Jinja template: a walk over its tree that counts every step and every character. A template comes with a model's file and so
// from anyone; it reaches nothing but the values that it is given, and it ends.
import { filter, test } from './filters.ts';
import { methodOf } from './methods.ts';
import { type Arguments, type Expression, parse, type Statement } from './parser.ts';
import {
  areEqual,
  Budget,
  type BudgetLimits,
  compare,
  type Dict,
  isCallable,
  isIn,
  isTrue,
  itemsOf,
  LimitError,
  numberOf,
  sliceOf,
  textOf,
  typeName,
  type Value,
} from './values.ts';

export interface Limits extends BudgetLimits {
  /** Characters of the result. */
  readonly output: number;
}

const longestTemplate = 2 ** 18;
const deepestCall = 64;
const longestRange = 10_000;

/** Throws an Error for what is not Jinja. The result throws an Error when a limit is reached or the template says that something is wrong. */
export function compile(template: string): (globals: Readonly<Record<string, Value>>, limits: Limits) => string {
  if (template.length > longestTemplate) throw new Error('the template is too long');
  const body = parse(template);
  return (globals, limits) => {
    const budget = new Budget(limits);
    const scope = new Scope(undefined, new Map([...Object.entries(functionsFor(budget)), ...Object.entries(globals)]));
    return new Run(budget, limits.output).render(body, scope);
  };
}

const functionsFor = (budget: Budget): Record<string, Value> => ({
  range: {
    call: (positional) => {
      const [from, until] = positional.length > 1 ? positional.map(numberOf) : [0, numberOf(positional[0])];
      const step = positional[2] === undefined ? 1 : numberOf(positional[2]);
      const count = Math.max(0, Math.ceil((until - from) / step));
      if (!(count <= longestRange)) throw new Error(`a range of ${count}`);
      budget.step(count);
      return Array.from({ length: count }, (_, i) => from + i * step);
    },
  },
  namespace: { call: ([dict], named) => new Map([...(dict instanceof Map ? dict : []), ...named]) },
  dict: { call: ([dict], named) => new Map([...(dict instanceof Map ? dict : []), ...named]) },
  raise_exception: {
    call: ([message]) => {
      throw new Error(textOf(message, budget));
    },
  },
});

/** Names; a `set` reaches the innermost scope only, as in Jinja. */
class Scope {
  readonly #parent: Scope | undefined;
  readonly #names: Map<string, Value>;

  constructor(parent: Scope | undefined, names: Map<string, Value> = new Map()) {
    this.#parent = parent;
    this.#names = names;
  }

  get(name: string): Value {
    for (let scope: Scope | undefined = this; scope; scope = scope.#parent) {
      if (scope.#names.has(name)) return scope.#names.get(name);
    }
    return undefined;
  }

  set(name: string, value: Value): void {
    this.#names.set(name, value);
  }
}

type Ending = 'break' | 'continue' | undefined;

class Run {
  readonly #budget: Budget;
  readonly #longest: number;
  #calls = 0;
  #output = '';

  constructor(budget: Budget, longest: number) {
    this.#budget = budget;
    this.#longest = longest;
  }

  render(body: readonly Statement[], scope: Scope): string {
    this.#body(body, scope);
    return this.#output;
  }

  #write(text: string): void {
    this.#output += this.#budget.text(text);
    if (this.#output.length > this.#longest) throw new LimitError('the prompt is too long');
  }

  /** What `body` writes, apart from the rest. */
  #captured(body: readonly Statement[], scope: Scope): string {
    const outside = this.#output;
    this.#output = '';
    this.#body(body, scope);
    const inside = this.#output;
    this.#output = outside;
    return inside;
  }

  #body(body: readonly Statement[], scope: Scope): Ending {
    for (const statement of body) {
      this.#budget.step();
      const ending = this.#statement(statement, scope);
      if (ending) return ending;
    }
    return undefined;
  }

  #statement(statement: Statement, scope: Scope): Ending {
    switch (statement.kind) {
      case 'text':
        this.#write(statement.value);
        return undefined;
      case 'output':
        this.#write(textOf(this.#value(statement.value, scope), this.#budget));
        return undefined;
      case 'if': {
        const branch = statement.branches.find((one) => isTrue(this.#value(one.test, scope)));
        return this.#body(branch?.body ?? statement.otherwise, scope);
      }
      case 'for':
        this.#for(statement, scope);
        return undefined;
      case 'set':
        this.#set(statement.targets, this.#value(statement.value, scope), scope);
        return undefined;
      case 'capture':
        this.#assign(statement.target, this.#captured(statement.body, new Scope(scope)), scope);
        return undefined;
      case 'macro':
        scope.set(statement.name, this.#macro(statement, scope));
        return undefined;
      default:
        return statement.kind;
    }
  }

  #set(targets: readonly Expression[], value: Value, scope: Scope): void {
    if (targets.length === 1) this.#assign(targets[0], value, scope);
    else {
      const values = itemsOf(value, this.#budget);
      if (values.length !== targets.length) throw new Error(`${values.length} values for ${targets.length} names`);
      targets.forEach((target, i) => {
        this.#assign(target, values[i], scope);
      });
    }
  }

  #assign(target: Expression, value: Value, scope: Scope): void {
    if (target.kind === 'name') {
      scope.set(target.name, value);
      return;
    }
    const of = target.kind === 'attribute' || target.kind === 'index' ? this.#value(target.of, scope) : undefined;
    if (!(of instanceof Map)) throw new Error('what is set is no name');
    of.set(
      target.kind === 'attribute'
        ? target.name
        : textOf(this.#value((target as { key: Expression }).key, scope), this.#budget),
      value,
    );
  }

  #for(statement: Extract<Statement, { kind: 'for' }>, scope: Scope): void {
    const { targets, only, body, otherwise } = statement;
    let items = itemsOf(this.#value(statement.over, scope), this.#budget).map((item) => ({
      item,
      names: this.#named(targets, item),
    }));
    if (only) items = items.filter(({ names }) => isTrue(this.#value(only, new Scope(scope, new Map(names)))));
    if (items.length === 0) this.#body(otherwise, scope);
    const all = items.map(({ item }) => item);
    for (const [i, { names }] of items.entries()) {
      const inner = new Scope(scope, new Map(names));
      inner.set('loop', loopOf(all, i));
      this.#budget.step();
      if (this.#body(body, inner) === 'break') break;
    }
  }

  #named(targets: readonly string[], item: Value): [string, Value][] {
    if (targets.length === 1) return [[targets[0], item]];
    const parts = itemsOf(item, this.#budget);
    if (parts.length !== targets.length) throw new Error(`${parts.length} values for ${targets.length} names`);
    return targets.map((name, i) => [name, parts[i]]);
  }

  #macro({ parameters, body }: Extract<Statement, { kind: 'macro' }>, outer: Scope): Value {
    const names = parameters.positional.map((parameter) => (parameter.kind === 'name' ? parameter.name : ''));
    return {
      call: (positional, named) => {
        if (++this.#calls > deepestCall) throw new LimitError('macros call each other too deeply');
        const scope = new Scope(outer);
        for (const [name, otherwise] of parameters.named) scope.set(name, this.#value(otherwise, scope));
        const all = [...names, ...parameters.named.map(([name]) => name)];
        positional.forEach((value, i) => {
          if (all[i]) scope.set(all[i], value);
        });
        for (const [name, value] of named) scope.set(name, value);
        const text = this.#captured(body, scope);
        this.#calls--;
        return text;
      },
    };
  }

  #arguments(given: Arguments, scope: Scope): { positional: Value[]; named: Dict } {
    return {
      positional: given.positional.map((one) => this.#value(one, scope)),
      named: new Map(given.named.map(([name, one]) => [name, this.#value(one, scope)])),
    };
  }

  #value(e: Expression, scope: Scope): Value {
    this.#budget.step();
    switch (e.kind) {
      case 'literal':
        return e.value;
      case 'name':
        return scope.get(e.name);
      case 'list':
        return e.items.map((item) => this.#value(item, scope));
      case 'dict':
        return new Map(
          e.entries.map(([key, value]) => [textOf(this.#value(key, scope), this.#budget), this.#value(value, scope)]),
        );
      case 'attribute':
        return this.#attribute(this.#value(e.of, scope), e.name);
      case 'index':
        return this.#index(this.#value(e.of, scope), this.#value(e.key, scope));
      case 'slice': {
        const bounds = e.bounds.map((bound) => (bound ? this.#value(bound, scope) : undefined));
        const numbers = bounds.map((bound) => (bound === undefined || bound === null ? undefined : numberOf(bound)));
        return sliceOf(this.#value(e.of, scope), numbers, this.#budget);
      }
      case 'call': {
        const of = this.#value(e.of, scope);
        if (!isCallable(of)) throw new Error(`${typeName(of)} is no function`);
        const { positional, named } = this.#arguments(e.arguments, scope);
        return of.call(positional, named);
      }
      case 'filter': {
        const { positional, named } = this.#arguments(e.arguments, scope);
        return filter(e.name, this.#value(e.of, scope), positional, named, this.#budget);
      }
      case 'test':
        return test(e.name, this.#value(e.of, scope), this.#arguments(e.arguments, scope).positional, this.#budget);
      default:
        return this.#operation(e, scope);
    }
  }

  #operation(e: Expression, scope: Scope): Value {
    switch (e.kind) {
      case 'not':
        return !isTrue(this.#value(e.of, scope));
      case 'negative':
        return -numberOf(this.#value(e.of, scope));
      case 'and': {
        const left = this.#value(e.left, scope);
        return isTrue(left) ? this.#value(e.right, scope) : left;
      }
      case 'or': {
        const left = this.#value(e.left, scope);
        return isTrue(left) ? left : this.#value(e.right, scope);
      }
      case 'choice':
        if (isTrue(this.#value(e.test, scope))) return this.#value(e.then, scope);
        return e.otherwise && this.#value(e.otherwise, scope);
      case 'binary':
        return this.#binary(e.sign, this.#value(e.left, scope), this.#value(e.right, scope));
      default:
        throw new Error(e.kind);
    }
  }

  #binary(sign: string, left: Value, right: Value): Value {
    switch (sign) {
      case '==':
        return areEqual(left, right, this.#budget);
      case '!=':
        return !areEqual(left, right, this.#budget);
      case '<':
        return compare(left, right) < 0;
      case '>':
        return compare(left, right) > 0;
      case '<=':
        return compare(left, right) <= 0;
      case '>=':
        return compare(left, right) >= 0;
      case 'in':
        return isIn(left, right, this.#budget);
      case '~':
        return this.#joined(textOf(left, this.#budget), textOf(right, this.#budget));
      case '+':
        if (typeof left === 'string' && typeof right === 'string') return this.#joined(left, right);
        if (Array.isArray(left) && Array.isArray(right)) {
          this.#budget.step(left.length + right.length);
          return [...left, ...right];
        }
        return numberOf(left) + numberOf(right);
      case '*':
        if (typeof left === 'string' && typeof right === 'number') {
          this.#budget.expectText(left.length * right);
          return this.#budget.text(left.repeat(Math.max(0, Math.trunc(right))));
        }
        return numberOf(left) * numberOf(right);
      default:
        return arithmetic(sign, numberOf(left), numberOf(right));
    }
  }

  #joined(left: string, right: string): string {
    this.#budget.expectText(left.length + right.length);
    return this.#budget.text(left + right);
  }

  /** Methods first, then what a dictionary holds. */
  #attribute(of: Value, name: string): Value {
    const method = methodOf(of, name, this.#budget);
    if (method && !(of instanceof Map && of.has(name))) return method;
    if (of instanceof Map) return of.get(name);
    if (of === undefined) throw new Error(`${name} of what is not defined`);
    return undefined;
  }

  #index(of: Value, key: Value): Value {
    if (of instanceof Map) return of.get(textOf(key, this.#budget));
    if (of === undefined) throw new Error(`${textOf(key, this.#budget)} of what is not defined`);
    if (typeof key !== 'number' || (typeof of !== 'string' && !Array.isArray(of))) return undefined;
    return itemsOf(of, this.#budget).at(key);
  }
}

function arithmetic(sign: string, left: number, right: number): number {
  if (sign === '-') return left - right;
  if (sign === '**') return left ** right;
  if (right === 0) throw new Error('division by zero');
  if (sign === '/') return left / right;
  const quotient = Math.floor(left / right);
  return sign === '//' ? quotient : left - quotient * right;
}

function loopOf(items: readonly Value[], i: number): Dict {
  const rest = items.length - i;
  return new Map<string, Value>([
    ['index', i + 1],
    ['index0', i],
    ['revindex', rest],
    ['revindex0', rest - 1],
    ['first', i === 0],
    ['last', rest === 1],
    ['length', items.length],
    ['previtem', items[i - 1]],
    ['nextitem', items[i + 1]],
    ['cycle', { call: (positional) => positional[i % positional.length] }],
  ]);
}
