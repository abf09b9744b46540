// Models that can be had by name: published GGUF files of families that the engine runs. Sizes and hashes are the publishers'; what is
// fetched is compared with them. Whether a file runs is said by its own header, before its weights are fetched.

export interface CatalogueModel {
  id: string;
  name: string;
  /** What it is good for, in one line. */
  about: string;
  url: string;
  bytes: number;
  sha256: string;
  licence: string;
  /** Tokens that it was trained on. */
  context: number;
  /** Bytes of keys and values of one token in f16: 2 x layers x heads of keys x their length x 2. */
  perToken: number;
}

const huggingFace = (repository: string, file: string): string =>
  `https://huggingface.co/${repository}/resolve/main/${file}`;

/** The first is the one to recommend. */
export const catalogue: readonly CatalogueModel[] = [
  {
    id: 'gemma-3-4b',
    name: 'Gemma 3 4B Instruct, Q4_K_M',
    about: 'Writes good prose in many languages; made for long windows.',
    url: huggingFace('ggml-org/gemma-3-4b-it-GGUF', 'gemma-3-4b-it-Q4_K_M.gguf'),
    bytes: 2_489_757_856,
    sha256: '882e8d2db44dc554fb0ea5077cb7e4bc49e7342a1f0da57901c0802ea21a0863',
    licence: 'Gemma terms of use',
    context: 131_072,
    perToken: 139_264,
  },
  {
    id: 'qwen2.5-1.5b',
    name: 'Qwen2.5 1.5B Instruct, Q4_K_M',
    about: 'Small, and its window takes little memory.',
    url: huggingFace('Qwen/Qwen2.5-1.5B-Instruct-GGUF', 'qwen2.5-1.5b-instruct-q4_k_m.gguf'),
    bytes: 1_117_320_736,
    sha256: '6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e',
    licence: 'Apache-2.0',
    context: 32_768,
    perToken: 28_672,
  },
  {
    id: 'llama-3.2-1b',
    name: 'Llama 3.2 1B Instruct, Q4_K_M',
    about: 'The smallest here, for cards with little memory.',
    url: huggingFace('bartowski/Llama-3.2-1B-Instruct-GGUF', 'Llama-3.2-1B-Instruct-Q4_K_M.gguf'),
    bytes: 807_694_464,
    sha256: '6f85a640a97cf2bf5b8e764087b1e83da0fdb51d7c9fab7d0fece9385611df83',
    licence: 'Llama 3.2 community licence',
    context: 131_072,
    perToken: 32_768,
  },
  {
    id: 'llama-3.2-3b',
    name: 'Llama 3.2 3B Instruct, Q4_K_M',
    about: 'Follows instructions closely; English first.',
    url: huggingFace('unsloth/Llama-3.2-3B-Instruct-GGUF', 'Llama-3.2-3B-Instruct-Q4_K_M.gguf'),
    bytes: 2_019_377_600,
    sha256: '6c99cc00ae910f6a532a80022cb4bc1939094527a089c29294b841c0bd87f74d',
    licence: 'Llama 3.2 community licence',
    context: 131_072,
    perToken: 114_688,
  },
  {
    id: 'qwen3-4b',
    name: 'Qwen3 4B, Q4_K_M',
    about: 'Strong at questions, in many languages.',
    url: huggingFace('Qwen/Qwen3-4B-GGUF', 'Qwen3-4B-Q4_K_M.gguf'),
    bytes: 2_497_280_256,
    sha256: '7485fe6f11af29433bc51cab58009521f205840f5b4ae3a32fa7f92e8534fdf5',
    licence: 'Apache-2.0',
    context: 32_768,
    perToken: 147_456,
  },
  {
    id: 'smollm2-1.7b',
    name: 'SmolLM2 1.7B Instruct, Q4_K_M',
    about: 'Small; its window is stretched beyond 8,192 tokens.',
    url: huggingFace('bartowski/SmolLM2-1.7B-Instruct-GGUF', 'SmolLM2-1.7B-Instruct-Q4_K_M.gguf'),
    bytes: 1_055_609_824,
    sha256: '77665ea4815999596525c636fbeb56ba8b080b46ae85efef4f0d986a139834d7',
    licence: 'Apache-2.0',
    context: 8_192,
    perToken: 196_608,
  },
];

/** Scratch beside weights and cache, as the engine computes it for models of this size; about. */
const scratch = 300_000_000;

/** Bytes on the card for a window of so many tokens, about: the file's own header says it exactly. */
export const roughMemory = ({ bytes, perToken }: Pick<CatalogueModel, 'bytes' | 'perToken'>, tokens: number): number =>
  bytes + perToken * tokens + scratch;

/** All words of `query` stand in its name, line, licence or address. */
export const searchCatalogue = (query: string): CatalogueModel[] => {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return catalogue.filter((model) => {
    const text = [model.id, model.name, model.about, model.licence, model.url].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
};
