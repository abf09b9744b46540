// Jinja text cut into tokens: what stands outside of tags, and inside of them names, numbers, strings and signs. White space around tags
// goes as in Jinja with `trim_blocks` and `lstrip_blocks`, which is how chat templates are written to be read.

export type Token =
  | { readonly type: 'text' | 'name' | 'string'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'sign'; readonly value: string }
  | { readonly type: 'begin' | 'end'; readonly value: 'output' | 'statement' };

const kinds = { '{{': 'output', '{%': 'statement', '{#': 'comment' } as const;
const ends = { output: '}}', statement: '%}', comment: '#}' } as const;
const signs = ['**', '//', '==', '!=', '<=', '>=', ...'+-*/%~|.,:()[]{}<>='];
const isSpace = (character: string) =>
  character === ' ' || character === '\t' || character === '\n' || character === '\r';
const isDigit = (character: string) => character >= '0' && character <= '9';
const isNameStart = (character: string) => /[A-Za-z_]/.test(character);

/** Throws an Error for a tag that does not end or a character that Jinja does not know. */
export function tokenize(template: string): Token[] {
  // As Jinja does, one line end at the very end is dropped.
  const source = template.replaceAll('\r\n', '\n').replace(/\n$/, '');
  const tokens: Token[] = [];
  let at = 0;
  let strip: 'all' | 'line' | 'none' = 'none';
  while (at < source.length) {
    const tag = nextTag(source, at);
    const text = trimmedText(source.slice(at, tag?.at ?? source.length), strip, tag, at === 0);
    if (text !== '') tokens.push({ type: 'text', value: text });
    if (!tag) break;
    const end =
      tag.kind === 'comment' ? source.indexOf('#}', tag.inside) : lexTag(source, tag.inside, tag.kind, tokens);
    if (end < 0) throw new Error('a comment does not end');
    const before = source[end - 1];
    strip = before === '-' ? 'all' : tag.kind === 'output' || before === '+' ? 'none' : 'line';
    at = end + 2;
  }
  return tokens;
}

interface Tag {
  readonly kind: keyof typeof ends;
  readonly at: number;
  /** Behind the opening signs. */
  readonly inside: number;
  readonly mark: '-' | '+' | '';
}

function nextTag(source: string, from: number): Tag | undefined {
  for (let at = source.indexOf('{', from); at >= 0; at = source.indexOf('{', at + 1)) {
    const opening = source.slice(at, at + 2);
    if (!Object.hasOwn(kinds, opening)) continue;
    const next = source[at + 2];
    const mark = next === '-' || next === '+' ? next : '';
    return { kind: kinds[opening as keyof typeof kinds], at, inside: at + 2 + mark.length, mark };
  }
  return undefined;
}

/** Text between two tags without what the tags around it take away. */
function trimmedText(text: string, after: 'all' | 'line' | 'none', next: Tag | undefined, atStart: boolean): string {
  const from = after === 'all' ? text.length - text.trimStart().length : after === 'line' && text[0] === '\n' ? 1 : 0;
  const rest = text.slice(from);
  if (!next || next.mark === '+') return rest;
  if (next.mark === '-') return rest.trimEnd();
  if (next.kind === 'output') return rest;
  // A statement alone on its line takes its indentation with it.
  let line = rest.length;
  while (line > 0 && (rest[line - 1] === ' ' || rest[line - 1] === '\t')) line--;
  const beginsLine = line > 0 ? rest[line - 1] === '\n' : (atStart && from === 0) || (after !== 'none' && from > 0);
  return beginsLine ? rest.slice(0, line) : rest;
}

/** Tokens of a tag up to its end, whose place is returned. */
function lexTag(source: string, from: number, kind: 'output' | 'statement', tokens: Token[]): number {
  tokens.push({ type: 'begin', value: kind });
  let at = from;
  let depth = 0;
  for (;;) {
    while (at < source.length && isSpace(source[at])) at++;
    if (at >= source.length) throw new Error(`a tag does not end`);
    const marked = source[at] === '-' || source[at] === '+' ? at + 1 : at;
    if (depth === 0 && source.startsWith(ends[kind], marked)) {
      tokens.push({ type: 'end', value: kind });
      return marked;
    }
    const { token, end } = lexOne(source, at);
    if (token.type === 'sign' && '([{'.includes(token.value)) depth++;
    if (token.type === 'sign' && ')]}'.includes(token.value)) depth--;
    tokens.push(token);
    at = end;
  }
}

function lexOne(source: string, at: number): { token: Token; end: number } {
  const first = source[at];
  if (first === '"' || first === "'") return lexString(source, at);
  if (isDigit(first)) {
    const [digits] = /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(source.slice(at, at + 40))!;
    return { token: { type: 'number', value: Number(digits) }, end: at + digits.length };
  }
  if (isNameStart(first)) {
    let end = at + 1;
    while (end < source.length && (isNameStart(source[end]) || isDigit(source[end]))) end++;
    return { token: { type: 'name', value: source.slice(at, end) }, end };
  }
  const sign = signs.find((one) => source.startsWith(one, at));
  if (sign === undefined) throw new Error(`what is ${first}?`);
  return { token: { type: 'sign', value: sign }, end: at + sign.length };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' };

function lexString(source: string, at: number): { token: Token; end: number } {
  const quote = source[at];
  let value = '';
  for (let i = at + 1; i < source.length; i++) {
    if (source[i] === quote) return { token: { type: 'string', value }, end: i + 1 };
    if (source[i] !== '\\') {
      value += source[i];
      continue;
    }
    i++;
    const code = source[i] === 'u' ? /^[0-9a-fA-F]{4}/.exec(source.slice(i + 1, i + 5))?.[0] : undefined;
    if (code) {
      value += String.fromCharCode(Number.parseInt(code, 16));
      i += 4;
    } else value += escapes[source[i]] ?? (['\\', "'", '"', '\n'].includes(source[i]) ? source[i] : `\\${source[i]}`);
  }
  throw new Error('a string does not end');
}
