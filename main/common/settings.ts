// What the reader can set, as it is checked at the border and kept.
import * as z from 'zod';

export const temperature = z.number().min(0).max(2);
export const seed = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  model: z.string().max(200),
  /** Where models of the reader's are used as they lie there; '' for nowhere. */
  modelFolder: z.string().max(4_000),
  /** Most bytes of what was read into models and is kept on disk; 0 keeps nothing. */
  snapshotBudget: z.int().min(0).max(10_000_000_000_000),
  /** Whether a word is said when long work has ended and the reader looks elsewhere. */
  notify: z.boolean(),
  textSize: z.enum(['small', 'normal', 'large', 'larger']),
  /** In what keys and values of a window are kept; 'auto': exactly where they are small, else in half. */
  kvType: z.enum(['auto', 'f32', 'f16', 'q8_0']),
  /** Most tokens of a window. */
  largestWindow: z.int().min(2_048).max(32_768),
  /** Of prose: 0 takes the likeliest words. */
  temperature,
  /** With which words are drawn where the temperature is not 0; 0 is a new one for each reply. */
  seed,
  /** Whether nothing may be asked of the network. */
  offline: z.boolean(),
  /** Through which models are fetched, with its name and password if it wants any; '' as the system says. */
  proxy: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(500)]),
});

export type Settings = z.infer<typeof settingsSchema>;
