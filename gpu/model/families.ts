// The families that can be run, by `general.architecture`: the one place where a family is chosen.
import { shown, unsupported } from '../gguf/refusals.ts';
import type { Family } from './family.ts';
import { llama } from './llama.ts';

const families: Readonly<Record<string, Family>> = { llama };

/** Throws 'unsupported-model' with the architecture's name. */
export function familyOf(architecture: string): Family {
  if (!Object.hasOwn(families, architecture)) throw unsupported(shown(architecture));
  return families[architecture];
}
