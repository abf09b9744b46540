// Splits text into the words within which BPE merges, by the rule that a model was trained with. The rules come from the models' own
// tokenizer.json files; `tokenizer.ggml.pre` names them, and where llama.cpp gives several names one rule, so does the table below.
import { shown, unsupportedWith } from '../gguf/refusals.ts';

/** A rule is a list of expressions. Each splits every piece that the one before left: its matches become pieces, so do the gaps. */
interface Rule {
  readonly expressions: readonly RegExp[];
  /** A word that is a token as a whole is that token, whatever the merges say. */
  readonly ignoreMerges?: boolean;
  /** BOS goes before a text even when the file does not say so. */
  readonly addBos?: boolean;
}

// \p{White_Space} where the originals have \s: that of JavaScript holds U+FEFF and lacks U+0085.
const gpt2 =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})/gv;

/** The rule of Llama 3 and its kin, who differ in how many digits go together. */
const llama3 = (digits: string) =>
  new RegExp(
    `'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}` +
      '| ?[^\\p{White_Space}\\p{L}\\p{N}]+[\\r\\n]*|\\p{White_Space}*[\\r\\n]+' +
      '|\\p{White_Space}+(?!\\P{White_Space})|\\p{White_Space}+',
    'gv',
  );

/**
 * What a file without a rule gets, as in llama.cpp. Its first step takes punctuation and some signs as pieces of their own.
 */
const unnamed: Rule = { expressions: [/[\p{P}$+<=>^~\|]+/gv, gpt2, /\p{N}+/gv, /[0-9][0-9][0-9]/g] };
const plainGpt2: Rule = { expressions: [gpt2] };
const singleDigits: Rule = { expressions: [/\p{N}/gv, gpt2] };
const llamaBpe: Rule = { expressions: [llama3('\\p{N}{1,3}')], ignoreMerges: true, addBos: true };
const tripleDigits: Rule = { expressions: [llama3('\\p{N}{1,3}')] };
const qwen2: Rule = { expressions: [llama3('\\p{N}')] };

/** The rule of GPT-4o and Mistral's Tekken: a word also ends before a capital that follows small letters. `after`: what may end it. */
const byCase = (after: string, digits: string) => {
  const capital = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]';
  const small = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]';
  const before = '[^\\r\\n\\p{L}\\p{N}]?';
  return new RegExp(
    `${before}${capital}*${small}+${after}|${before}${capital}+${small}*${after}|${digits}` +
      '| ?[^\\p{White_Space}\\p{L}\\p{N}]+[\\r\\n\\/]*|\\p{White_Space}*[\\r\\n]+' +
      '|\\p{White_Space}+(?!\\P{White_Space})|\\p{White_Space}+',
    'gv',
  );
};
const shortened = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])?";

/** Letters with case as DeepSeek's tokenizer.json lists them: some scripts and everything mathematical is missing there. */
const deepseekLetters =
  /\p{White_Space}?[[\p{Lu}\p{Ll}\p{Lt}ʕ]--[\u0560-\u0588\u10c7\u10cd\u10d0-\u10ff\u1c80-\u1c8a\u2d00-\u2d2d\ua790-\ua7fa\uab30-\uab68\u{10570}-\u{105bc}\u{10d50}-\u{10d85}\u{16e40}-\u{16ed3}\u{1d400}-\u{1df2a}]]+/gv;
const deepseek: Rule = {
  expressions: [
    /[\r\n]/g,
    deepseekLetters,
    /\p{White_Space}?[!-\/:-~！-／：-～‘-‟\u3000-。]+/gv,
    /\p{White_Space}+$/gv,
    /[一-龥ࠀ-一가-\ud7ff]+/gv,
    /\p{N}+/gv,
  ],
};

const gpt4o: Rule = { expressions: [byCase(shortened, '\\p{N}{1,3}')] };
const tekken: Rule = { expressions: [byCase('', '\\p{N}')], ignoreMerges: true, addBos: true };
const falcon: Rule = { expressions: [/[\p{P}$+<=>^~\|`]+/gv, gpt2, /[0-9][0-9][0-9]/g] };
const deepseekCoder: Rule = {
  expressions: [
    /[\r\n]/g,
    /\p{White_Space}?\p{L}+/gv,
    /\p{White_Space}?\p{P}+/gv,
    /[一-龥ࠀ-一가-\ud7ff]+/gv,
    /\p{N}/gv,
  ],
};

const rules: Readonly<Record<string, Rule>> = {
  default: unnamed,
  'gpt-2': plainGpt2,
  'phi-2': plainGpt2,
  gigachat: plainGpt2,
  mellum: plainGpt2,
  mpt: plainGpt2,
  olmo: plainGpt2,
  jais: plainGpt2,
  exaone4: plainGpt2,
  falcon,
  'llama-bpe': llamaBpe,
  llama3: llamaBpe,
  'llama-v3': llamaBpe,
  falcon3: llamaBpe,
  'falcon-h1': llamaBpe,
  pixtral: llamaBpe,
  'midm-2.0': llamaBpe,
  lfm2: llamaBpe,
  'smaug-bpe': tripleDigits,
  dbrx: tripleDigits,
  glm4: tripleDigits,
  'chatglm-bpe': tripleDigits,
  smollm: singleDigits,
  starcoder: singleDigits,
  refact: singleDigits,
  'command-r': singleDigits,
  codeshell: singleDigits,
  exaone: singleDigits,
  'minerva-7b': singleDigits,
  'deepseek-llm': deepseek,
  'deepseek-coder': deepseekCoder,
  qwen2: qwen2,
  stablelm2: qwen2,
  'deepseek-r1-qwen': qwen2,
  kormo: qwen2,
  megrez: qwen2,
  hunyuan: qwen2,
  'gpt-4o': gpt4o,
  llama4: gpt4o,
  tekken,
};

/** Names that files give to rules. */
export const preTokenizerNames: readonly string[] = Object.keys(rules);

/** The rule called `name` in a file, the unnamed one when the file has no name; throws 'unsupported-model' for others. */
export function preTokenizer(name: string | undefined): Rule {
  const key = name ?? 'default';
  if (!Object.hasOwn(rules, key)) throw unsupportedWith(`the pre-tokenizer "${shown(key)}"`);
  return rules[key];
}

/** The words of `text`, which joined are the text. */
export function preTokenize(rule: Rule, text: string): string[] {
  let pieces = text === '' ? [] : [text];
  for (const expression of rule.expressions) pieces = splitAll(pieces, expression);
  return pieces;
}

function splitAll(pieces: readonly string[], expression: RegExp): string[] {
  const out: string[] = [];
  for (const piece of pieces) {
    let end = 0;
    expression.lastIndex = 0;
    for (let match = expression.exec(piece); match; match = expression.exec(piece)) {
      if (match.index > end) out.push(piece.slice(end, match.index));
      out.push(match[0]);
      end = match.index + match[0].length;
    }
    if (end < piece.length) out.push(end === 0 ? piece : piece.slice(end));
  }
  return out;
}
