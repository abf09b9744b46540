// What is noted on the disk of a download, and checked when it is read again: where from, how large, what it must be.
import * as z from 'zod';

const fileSchema = z.object({
  url: z.url().max(4_000),
  /** Under which it is stored. */
  name: z.string().max(200),
  bytes: z.int().min(1),
  etag: z.string().max(600).optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

export const keptSchema = z.object({
  askedAt: z.string(),
  files: z.array(fileSchema).min(1).max(1_000),
  /** It was begun: more than its header was asked for. */
  begun: z.boolean(),
  /** Process that fetches it. */
  owner: z.int().min(0),
});

export type KeptFile = z.infer<typeof fileSchema>;
export type Kept = z.infer<typeof keptSchema>;
