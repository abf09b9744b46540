// The families that can be run, by `general.architecture`: the one place where a family is chosen.
import { shown, unsupported } from '../gguf/refusals.ts';
import type { Family } from './family.ts';
import { gemma3 } from './gemma3.ts';
import { granite } from './granite.ts';
import { llama } from './llama.ts';
import { phi3 } from './phi3.ts';
import { qwen2 } from './qwen2.ts';
import { qwen3 } from './qwen3.ts';
import { smollm3 } from './smollm3.ts';

const families: Readonly<Record<string, Family>> = { llama, qwen2, qwen3, gemma3, smollm3, granite, phi3 };

/** Throws 'unsupported-model' with the architecture's name. */
export function familyOf(architecture: string): Family {
  if (!Object.hasOwn(families, architecture)) throw unsupported(shown(architecture));
  return families[architecture];
}
