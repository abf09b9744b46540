// Chat layouts that we know by heart, for files without a template and for templates that cannot be used. Each is what the model's
// makers published; which one a model wants shows in the names of its control tokens, in its template's text, or in its name.

export interface Turn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface Marks {
  readonly bos: string;
  readonly eos: string;
}

export interface Layout {
  readonly name: string;
  /** All of these are control tokens of the vocabulary. */
  readonly controls?: readonly string[];
  /** Or the file's template has all of these. */
  readonly inTemplate?: readonly string[];
  /** Or the model is called so. */
  readonly called?: RegExp;
  render(turns: readonly Turn[], marks: Marks): string;
}

/** The system message goes in front of the first question, for models that know no other role. */
export function foldSystem(turns: readonly Turn[]): Turn[] {
  const [first, second, ...rest] = turns;
  if (first?.role !== 'system') return [...turns];
  if (second?.role !== 'user') return [{ role: 'user', content: first.content }, ...turns.slice(1)];
  return [{ role: 'user', content: `${first.content}\n\n${second.content}` }, ...rest];
}

/** Every turn between two marks, then the beginning of the answer. */
const framed = (turns: readonly Turn[], frame: (turn: Turn) => string, answer: string): string =>
  turns.map(frame).join('') + answer;

export const layouts: readonly Layout[] = [
  {
    name: 'Llama 3',
    controls: ['<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>'],
    render: (turns, { bos }) =>
      bos +
      framed(
        turns,
        ({ role, content }) => `<|start_header_id|>${role}<|end_header_id|>\n\n${content.trim()}<|eot_id|>`,
        '<|start_header_id|>assistant<|end_header_id|>\n\n',
      ),
  },
  {
    name: 'Granite',
    controls: ['<|start_of_role|>', '<|end_of_role|>'],
    render: (turns) =>
      framed(
        turns,
        ({ role, content }) => `<|start_of_role|>${role}<|end_of_role|>${content}<|end_of_text|>\n`,
        '<|start_of_role|>assistant<|end_of_role|>',
      ),
  },
  {
    name: 'ChatML',
    controls: ['<|im_start|>', '<|im_end|>'],
    render: (turns) =>
      framed(turns, ({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`, '<|im_start|>assistant\n'),
  },
  {
    name: 'Gemma',
    controls: ['<start_of_turn>', '<end_of_turn>'],
    render: (turns, { bos }) =>
      bos +
      framed(
        foldSystem(turns),
        ({ role, content }) =>
          `<start_of_turn>${role === 'assistant' ? 'model' : role}\n${content.trim()}<end_of_turn>\n`,
        '<start_of_turn>model\n',
      ),
  },
  {
    name: 'Phi-3',
    controls: ['<|user|>', '<|assistant|>', '<|end|>'],
    render: (turns) => framed(turns, ({ role, content }) => `<|${role}|>\n${content}<|end|>\n`, '<|assistant|>\n'),
  },
  {
    name: 'DeepSeek',
    controls: ['<｜User｜>', '<｜Assistant｜>'],
    render: (turns, { bos, eos }) =>
      bos +
      framed(
        turns,
        ({ role, content }) =>
          role === 'system' ? content : role === 'user' ? `<｜User｜>${content}` : `<｜Assistant｜>${content}${eos}`,
        '<｜Assistant｜>',
      ),
  },
  {
    name: 'Llama 2',
    inTemplate: ['[INST]', '<<SYS>>'],
    called: /llama-?2.*(chat|instruct|32k)/i,
    render(turns, { bos, eos }) {
      const [first, second, ...rest] = turns;
      const folded =
        first?.role === 'system' && second?.role === 'user'
          ? [{ ...second, content: `<<SYS>>\n${first.content}\n<</SYS>>\n\n${second.content}` }, ...rest]
          : foldSystem(turns);
      return framed(
        folded,
        ({ role, content }) => (role === 'assistant' ? ` ${content.trim()} ${eos}` : `${bos}[INST] ${content} [/INST]`),
        '',
      );
    },
  },
  {
    name: 'Mistral',
    controls: ['[INST]', '[/INST]'],
    inTemplate: ['[INST]'],
    called: /mistral.*instruct/i,
    render: (turns, { bos, eos }) =>
      bos +
      framed(
        foldSystem(turns),
        ({ role, content }) => (role === 'assistant' ? ` ${content.trim()}${eos}` : `[INST] ${content} [/INST]`),
        '',
      ),
  },
  {
    name: 'Zephyr',
    inTemplate: ['<|user|>', '<|assistant|>'],
    called: /tinyllama.*chat|zephyr/i,
    render: (turns, { eos }) =>
      framed(turns, ({ role, content }) => `<|${role}|>\n${content}${eos}\n`, '<|assistant|>\n'),
  },
  {
    name: 'Vicuna',
    inTemplate: ['USER:', 'ASSISTANT:'],
    called: /vicuna|longchat/i,
    render: (turns, { bos, eos }) =>
      bos +
      framed(
        turns,
        ({ role, content }) =>
          role === 'system'
            ? `${content}\n\n`
            : role === 'user'
              ? `USER: ${content}\n`
              : `ASSISTANT: ${content}${eos}\n`,
        'ASSISTANT:',
      ),
  },
  {
    name: 'Alpaca',
    inTemplate: ['### Instruction:', '### Response:'],
    called: /alpaca/i,
    render: (turns) =>
      framed(
        turns,
        ({ role, content }) =>
          role === 'system' ? `${content}\n\n` : `### ${role === 'user' ? 'Instruction' : 'Response'}:\n${content}\n\n`,
        '### Response:\n',
      ),
  },
];

/** The first layout that fits; undefined for a model that shows no sign of having been trained to chat. */
export function layoutFor(controls: ReadonlyMap<string, number>, template: string, name: string): Layout | undefined {
  const byControls = layouts.find((one) => one.controls?.every((control) => controls.has(control)));
  if (byControls) return byControls;
  const byTemplate = layouts.find((one) => one.inTemplate?.every((mark) => template.includes(mark)));
  return byTemplate ?? layouts.find((one) => one.called?.test(name));
}
