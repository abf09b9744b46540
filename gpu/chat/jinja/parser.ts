// Jinja tokens to a tree: the part of the language that chat templates use. Whatever else there is (imports, inheritance, call blocks)
// is refused, and the template with it.
import { type Token, tokenize } from './lexer.ts';

export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly key: Expression }
  | { readonly kind: 'slice'; readonly of: Expression; readonly bounds: readonly (Expression | undefined)[] }
  | { readonly kind: 'call'; readonly of: Expression; readonly arguments: Arguments }
  | { readonly kind: 'filter'; readonly of: Expression; readonly name: string; readonly arguments: Arguments }
  | { readonly kind: 'test'; readonly of: Expression; readonly name: string; readonly arguments: Arguments }
  | { readonly kind: 'not' | 'negative'; readonly of: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'binary'; readonly sign: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'choice'; readonly test: Expression; readonly then: Expression; readonly otherwise?: Expression };

export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
}

export type Statement =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'output'; readonly value: Expression }
  | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: readonly Statement[] }
  | {
      readonly kind: 'for';
      readonly targets: readonly string[];
      readonly over: Expression;
      readonly only?: Expression;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly kind: 'set'; readonly targets: readonly Expression[]; readonly value: Expression }
  | { readonly kind: 'capture'; readonly target: Expression; readonly body: readonly Statement[] }
  | {
      readonly kind: 'macro';
      readonly name: string;
      readonly parameters: Arguments;
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'break' | 'continue' };

export interface Branch {
  readonly test: Expression;
  readonly body: readonly Statement[];
}

const deepest = 200;
const none: Arguments = { positional: [], named: [] };

/** Throws an Error for what is not Jinja, or not of this part of it. */
export const parse = (template: string): readonly Statement[] => new Parser(tokenize(template)).template();

/** A place in a list of tokens, moved on by its methods. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  template(): Statement[] {
    const body = this.#body([]);
    if (this.#at < this.#tokens.length) throw new Error(`an end without a beginning`);
    return body;
  }

  #is(type: Token['type'], value?: string, ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token?.type === type && (value === undefined || token.value === value);
  }

  #take(type: Token['type'], value?: string): boolean {
    if (!this.#is(type, value)) return false;
    this.#at++;
    return true;
  }

  #expect(type: Token['type'], value?: string): string {
    const token = this.#tokens[this.#at];
    if (!this.#take(type, value)) throw new Error(`${token?.value ?? 'the end'} in place of ${value ?? type}`);
    return String(token.value);
  }

  /** Counts how deep statements and expressions lie in each other. */
  #deeper<T>(parse: () => T): T {
    if (++this.#depth > deepest) throw new Error('nested too deeply');
    const parsed = parse();
    this.#depth--;
    return parsed;
  }

  /** Statements up to one of `ends`, whose name is not taken. */
  #body(ends: readonly string[]): Statement[] {
    const body: Statement[] = [];
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at];
      if (token.type === 'text') {
        this.#at++;
        body.push({ kind: 'text', value: token.value });
      } else if (this.#take('begin', 'output')) {
        body.push({ kind: 'output', value: this.#expression() });
        this.#expect('end', 'output');
      } else {
        if (ends.some((end) => this.#is('name', end, 1))) return body;
        this.#expect('begin', 'statement');
        const statement = this.#deeper(() => this.#statement(this.#expect('name')));
        if (statement) body.push(statement);
        this.#expect('end', 'statement');
      }
    }
    if (ends.length > 0) throw new Error(`${ends.at(-1)} is missing`);
    return body;
  }

  /** Behind `{% name`, up to the last `%}`, which is not taken. */
  #statement(name: string): Statement | undefined {
    switch (name) {
      case 'if':
        return this.#if();
      case 'for':
        return this.#for();
      case 'set':
        return this.#set();
      case 'macro':
        return this.#macro();
      case 'break':
      case 'continue':
        return { kind: name };
      // Marks what a model learnt to write, for training.
      case 'generation':
      case 'endgeneration':
        return undefined;
      default:
        throw new Error(`the statement ${name}`);
    }
  }

  #endOf(...ends: string[]): { body: Statement[]; end: string } {
    this.#expect('end', 'statement');
    const body = this.#body(ends);
    this.#expect('begin', 'statement');
    return { body, end: this.#expect('name') };
  }

  #if(): Statement {
    const branches: Branch[] = [];
    let otherwise: Statement[] = [];
    for (let next = 'elif'; next === 'elif'; ) {
      const test = this.#expression();
      const { body, end } = this.#endOf('elif', 'else', 'endif');
      branches.push({ test, body });
      next = end;
      if (next === 'else') otherwise = this.#endOf('endif').body;
    }
    return { kind: 'if', branches, otherwise };
  }

  #for(): Statement {
    const targets = [this.#expect('name')];
    while (this.#take('sign', ',')) targets.push(this.#expect('name'));
    this.#expect('name', 'in');
    const over = this.#or();
    const only = this.#take('name', 'if') ? this.#expression() : undefined;
    const { body, end } = this.#endOf('else', 'endfor');
    const otherwise = end === 'else' ? this.#endOf('endfor').body : [];
    return { kind: 'for', targets, over, only, body, otherwise };
  }

  #set(): Statement {
    const targets = [this.#postfix(this.#primary())];
    while (this.#take('sign', ',')) targets.push(this.#postfix(this.#primary()));
    if (this.#take('sign', '=')) return { kind: 'set', targets, value: this.#tuple() };
    return { kind: 'capture', target: targets[0], body: this.#endOf('endset').body };
  }

  #macro(): Statement {
    const name = this.#expect('name');
    this.#expect('sign', '(');
    const parameters = this.#arguments();
    return { kind: 'macro', name, parameters, body: this.#endOf('endmacro').body };
  }

  /** Behind the opening parenthesis. */
  #arguments(): Arguments {
    const positional: Expression[] = [];
    const named: [string, Expression][] = [];
    while (!this.#take('sign', ')')) {
      if (this.#is('name') && this.#is('sign', '=', 1)) {
        const name = this.#expect('name');
        this.#expect('sign', '=');
        named.push([name, this.#expression()]);
      } else positional.push(this.#expression());
      if (!this.#is('sign', ')')) this.#expect('sign', ',');
    }
    return { positional, named };
  }

  /** What may stand without parentheres around its commas. */
  #tuple(): Expression {
    const first = this.#expression();
    if (!this.#is('sign', ',')) return first;
    const items = [first];
    while (this.#take('sign', ',')) items.push(this.#expression());
    return { kind: 'list', items };
  }

  #expression(): Expression {
    return this.#deeper(() => {
      const then = this.#or();
      if (!this.#take('name', 'if')) return then;
      const test = this.#or();
      const otherwise = this.#take('name', 'else') ? this.#expression() : undefined;
      return { kind: 'choice', test, then, otherwise };
    });
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#take('name', 'or')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#take('name', 'and')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Expression {
    if (!this.#take('name', 'not')) return this.#comparison();
    return { kind: 'not', of: this.#deeper(() => this.#not()) };
  }

  #comparison(): Expression {
    let left = this.#binary(0);
    for (;;) {
      const sign = ['==', '!=', '<=', '>=', '<', '>'].find((one) => this.#take('sign', one));
      if (sign) left = { kind: 'binary', sign, left, right: this.#binary(0) };
      else if (this.#take('name', 'in')) left = { kind: 'binary', sign: 'in', left, right: this.#binary(0) };
      else if (this.#is('name', 'not') && this.#is('name', 'in', 1)) {
        this.#at += 2;
        left = { kind: 'not', of: { kind: 'binary', sign: 'in', left, right: this.#binary(0) } };
      } else return left;
    }
  }

  /** Signs of one strength associate to the left; each level binds tighter than the one before. */
  #binary(level: number): Expression {
    const levels = [['+', '-'], ['~'], ['*', '//', '/', '%']];
    if (level === levels.length) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const sign = levels[level].find((one) => this.#take('sign', one));
      if (sign === undefined) return left;
      left = { kind: 'binary', sign, left, right: this.#binary(level + 1) };
    }
  }

  #unary(): Expression {
    return this.#deeper(() => {
      if (this.#take('sign', '-')) return this.#filters({ kind: 'negative', of: this.#power() });
      if (this.#take('sign', '+')) return this.#unary();
      return this.#filters(this.#power());
    });
  }

  #power(): Expression {
    const left = this.#postfix(this.#primary());
    return this.#take('sign', '**') ? { kind: 'binary', sign: '**', left, right: this.#unary() } : left;
  }

  /** `| name(…)` and `is name(…)`. */
  #filters(subject: Expression): Expression {
    let of = subject;
    for (;;) {
      if (this.#take('sign', '|')) {
        const name = this.#expect('name');
        of = { kind: 'filter', of, name, arguments: this.#take('sign', '(') ? this.#arguments() : none };
      } else if (this.#take('name', 'is')) {
        const negated = this.#take('name', 'not');
        const name = this.#expect('name');
        const test: Expression = { kind: 'test', of, name, arguments: this.#testArguments() };
        of = negated ? { kind: 'not', of: test } : test;
      } else return of;
    }
  }

  /** One argument of a test may stand without parentheses: `is divisibleby 3`. */
  #testArguments(): Arguments {
    if (this.#take('sign', '(')) return this.#arguments();
    const isWord =
      this.#is('name') && !['and', 'or', 'not', 'if', 'else', 'is', 'in'].some((one) => this.#is('name', one));
    if (!(isWord || this.#is('string') || this.#is('number') || this.#is('sign', '['))) return none;
    return { positional: [this.#postfix(this.#primary())], named: [] };
  }

  #postfix(subject: Expression): Expression {
    let of = subject;
    for (;;) {
      if (this.#take('sign', '.')) of = { kind: 'attribute', of, name: this.#attributeName() };
      else if (this.#take('sign', '(')) of = { kind: 'call', of, arguments: this.#arguments() };
      else if (this.#take('sign', '[')) of = this.#subscript(of);
      else return of;
    }
  }

  #attributeName(): string {
    return this.#is('number') ? this.#expect('number') : this.#expect('name');
  }

  /** Behind the opening bracket. */
  #subscript(of: Expression): Expression {
    const bounds: (Expression | undefined)[] = [];
    let colons = 0;
    let part: Expression | undefined;
    while (!this.#take('sign', ']')) {
      if (this.#take('sign', ':')) {
        bounds[colons++] = part;
        part = undefined;
      } else if (part === undefined) part = this.#expression();
      else throw new Error('a subscript of two values');
    }
    if (colons > 0) {
      bounds[colons] = part;
      return { kind: 'slice', of, bounds };
    }
    if (!part) throw new Error('an empty subscript');
    return { kind: 'index', of, key: part };
  }

  #primary(): Expression {
    const token = this.#tokens[this.#at++];
    if (token?.type === 'number') return { kind: 'literal', value: token.value };
    if (token?.type === 'string') {
      let value = token.value;
      while (this.#is('string')) value += this.#expect('string');
      return { kind: 'literal', value };
    }
    if (token?.type === 'name') return word(token.value);
    if (token?.type === 'sign' && token.value === '(') return this.#parenthesis();
    if (token?.type === 'sign' && token.value === '[') return { kind: 'list', items: this.#items(']') };
    if (token?.type === 'sign' && token.value === '{') return this.#dict();
    throw new Error(`${token?.value ?? 'the end'} in place of a value`);
  }

  #parenthesis(): Expression {
    if (this.#take('sign', ')')) return { kind: 'list', items: [] };
    const first = this.#expression();
    if (this.#take('sign', ')')) return first;
    this.#expect('sign', ',');
    return { kind: 'list', items: [first, ...this.#items(')')] };
  }

  #items(end: string): Expression[] {
    const items: Expression[] = [];
    while (!this.#take('sign', end)) {
      items.push(this.#expression());
      if (!this.#is('sign', end)) this.#expect('sign', ',');
    }
    return items;
  }

  #dict(): Expression {
    const entries: [Expression, Expression][] = [];
    while (!this.#take('sign', '}')) {
      const key = this.#expression();
      this.#expect('sign', ':');
      entries.push([key, this.#expression()]);
      if (!this.#is('sign', '}')) this.#expect('sign', ',');
    }
    return { kind: 'dict', entries };
  }
}

const words: Readonly<Record<string, boolean | null>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};

const word = (name: string): Expression =>
  Object.hasOwn(words, name) ? { kind: 'literal', value: words[name] } : { kind: 'name', name };
