// A chat laid out as token ids: the template renders text, and the text becomes ids with one rule that no document can break: what
// comes from a message is encoded as ordinary text, and control tokens are looked for in the template's own text alone.
import type { ChatMessage, ChatOptions, ChatPart, ChatPrompt } from '../api.ts';
import { foldSystem, type Layout, layoutFor, type Marks, type Turn } from './built-in.ts';
import { compile } from './jinja/run.ts';
import { LimitError } from './jinja/values.ts';
import { mostParts, runsOf, shield, shieldedOnly } from './shield.ts';

/** What a chat needs of a tokenizer and its file. */
export interface ChatSource {
  readonly controls: ReadonlyMap<string, number>;
  encode(text: string): number[];
  /** To be put in front, where the model wants it. */
  readonly bos: number | undefined;
  readonly marks: Marks;
  /** `tokenizer.chat_template`. */
  readonly template: string | undefined;
  /** `general.name`. */
  readonly name: string;
  /** White space behind this control token belongs to it: Phi-3's are so, and no file says it. */
  swallowsSpace(id: number): boolean;
}

type Renderer = (turns: readonly Turn[], marks: Marks, options: ChatOptions) => string;

/** What a template may take; those in use take some thousand steps and a few milliseconds. */
const limits = { steps: 200_000, milliseconds: 500, ownText: 2 ** 18 } as const;

/**
 * The file's own template as a function. Tools and documents are none. There is no date, so that a prompt is tomorrow what it is today
 * and what was read stays read; templates that want one have one of their own then.
 */
function compileTemplate(template: string): Renderer {
  const run = compile(template);
  return (turns, { bos, eos }, { thinking = false }) => {
    const size = turns.reduce((sum, { content }) => sum + content.length, 0);
    const messages = turns.map(({ role, content }) => new Map([...Object.entries({ role, content })]));
    const globals = {
      messages,
      bos_token: bos,
      eos_token: eos,
      add_generation_prompt: true,
      tools: null,
      documents: null,
    };
    return run(
      { ...globals, enable_thinking: thinking, thinking },
      { ...limits, characters: 2 ** 22 + 64 * size, output: limits.ownText + 2 * size },
    );
  };
}

export function createChat(source: ChatSource) {
  const layout = layoutFor(source.controls, source.template ?? '', source.name);
  const toIds = promptEncoder(source);
  let own = source.template === undefined ? undefined : rendererOf(source.template);
  return (messages: readonly ChatMessage[], options: ChatOptions = {}): ChatPrompt | undefined => {
    if (messages.length === 0) throw new RangeError('A chat without messages');
    const parts = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content.filter(isIds)));
    if (parts.length > mostParts) throw new RangeError(`${parts.length} parts in a chat`);
    const turns = shieldedTurns(messages);
    const rendered = own && tryRendering(own, turns, source.marks, options);
    if (typeof rendered === 'string') return { ...toIds(rendered, parts), template: 'file' };
    if (rendered instanceof LimitError) own = undefined;
    if (!layout) return undefined;
    const prompt = toIds(layout.render(turns, source.marks), parts);
    return { ...prompt, template: layout.name, ...noteOn(source, layout) };
  };
}

const isIds = (part: ChatPart): part is readonly number[] => typeof part !== 'string';

const noteOn = ({ template }: ChatSource, { name }: Layout): { note?: string } =>
  template === undefined
    ? { note: `The model's file has no chat template; using the ${name} one.` }
    : { note: `The model's chat template could not be used; using the ${name} one.` };

function shieldedTurns(messages: readonly ChatMessage[]): Turn[] {
  let part = 0;
  return messages.map(({ role, content }) => {
    const shielded = shield(content, part);
    if (typeof content !== 'string') part += content.filter(isIds).length;
    return { role, content: shielded };
  });
}

function rendererOf(template: string): Renderer | undefined {
  try {
    return compileTemplate(template);
  } catch {
    return undefined;
  }
}

/**
 * The prompt, if the template holds every message whole, once and in order: as given, or else with the system message in front of the
 * first question, for many templates refuse or forget a system message. Undefined when neither works; an error for a template that is
 * not to be tried again.
 */
function tryRendering(
  render: Renderer,
  turns: readonly Turn[],
  marks: Marks,
  options: ChatOptions,
): string | LimitError | undefined {
  const expected = shieldedOnly(turns.map(({ content }) => content).join(''));
  for (const some of turns[0].role === 'system' ? [turns, foldSystem(turns)] : [turns]) {
    try {
      const rendered = render(some, marks, options);
      if (shieldedOnly(rendered) === expected) return rendered;
    } catch (error) {
      // Otherwise the next try, or the built-in layout.
      if (error instanceof LimitError) return error;
    }
  }
  return undefined;
}

function promptEncoder({ controls, encode, bos, swallowsSpace }: ChatSource) {
  const cut = controlCutter(controls);
  return (rendered: string, parts: readonly (readonly number[])[]) => {
    const ids: number[] = [];
    const starts: number[] = [];
    let text = '';
    let swallows = false;
    const flush = () => {
      for (const id of encode(swallows ? text.trimStart() : text)) ids.push(id);
      text = '';
      swallows = false;
    };
    for (const run of runsOf(rendered)) {
      if (run.from === 'message') text += run.text;
      else if (run.from === 'part') {
        flush();
        starts[run.index] = ids.length;
        for (const id of parts[run.index]) ids.push(id);
      } else {
        for (const piece of cut(run.text)) {
          if (typeof piece === 'string') text += piece;
          else {
            flush();
            ids.push(piece);
            swallows = swallowsSpace(piece);
          }
        }
      }
    }
    flush();
    const opensThinking = /<think>\s*$/.test(rendered);
    if (bos === undefined || ids[0] === bos) return { ids, starts, thinking: opensThinking };
    return { ids: [bos, ...ids], starts: starts.map((start) => start + 1), thinking: opensThinking };
  };
}

/** Cuts text at the names of control tokens, the longest first where several begin. */
export function controlCutter(controls: ReadonlyMap<string, number>): (text: string) => (string | number)[] {
  const names = [...controls.keys()].filter((name) => name.trim() !== '');
  const begins = new Set(names.map((name) => name[0]));
  const lengths = [...new Set(names.map((name) => name.length))].sort((a, b) => b - a);
  return (text) => {
    const pieces: (string | number)[] = [];
    let from = 0;
    for (let at = 0; at < text.length; ) {
      const length = begins.has(text[at]) ? lengths.find((some) => controls.has(text.slice(at, at + some))) : undefined;
      if (length === undefined) at++;
      else {
        if (at > from) pieces.push(text.slice(from, at));
        pieces.push(controls.get(text.slice(at, at + length))!);
        at += length;
        from = at;
      }
    }
    if (from < text.length) pieces.push(text.slice(from));
    return pieces;
  };
}
