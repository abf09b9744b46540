// A reply as reading makes it, for tests that store one. That the two types are one is checked here, at compile time: a member
// added to either alone is an error in this file.
import type { ReplyValue } from '../../main/common/api.ts';
import type { Reply } from '../../reading/document.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Keys<T> = T extends readonly (infer Item)[] ? Keys<Item> : T extends object ? { [K in keyof T]: Keys<T[K]> } : T;

const stored = (reply: Reply): ReplyValue => reply;
const read = (value: ReplyValue): Reply => value;
const sameMembers: Same<Keys<Reply>, Keys<ReplyValue>> = true;

export const aReply = (text = 'Longleaf pines live for three hundred years.'): ReplyValue => {
  const reply: Reply = {
    kind: 'summary',
    found: true,
    sentences: [
      {
        text,
        citations: [
          {
            page: 3,
            label: 'iii',
            quote: text,
            start: 10,
            end: 10 + text.length,
            status: 'verified',
            boxes: [{ page: 3, x: 72, y: 90.5, width: 300, height: 12 }],
          },
        ],
      },
    ],
    window: { tokens: 900, capacity: 2048, native: 512, factor: 4, pagesRead: [[1, 6]], pagesLeftOut: [] },
    model: { name: 'sprig', architecture: 'llama', types: ['Q8_0', 'F32'] },
    adapter: { name: 'SwiftShader', software: true },
    timing: { extractMs: 12.5, prefillMs: 900, prefillTokens: 900, reusedTokens: 0, rankMs: 80 },
  };
  return sameMembers ? read(stored(reply)) && stored(reply) : stored(reply);
};
