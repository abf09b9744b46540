import { expect, test } from 'vitest';
import { copyOf } from '../../../renderer/replies/copying.ts';
import { cited, reply } from '../some-document.ts';

test('a copy has the question, each sentence with its pages and what it is worth, and the title', () => {
  const written = { ...cited(3), text: 'Told.', status: 'near' as const };
  const invented = { text: 'Invented.', status: 'unverified' as const, citations: [] };
  expect(copyOf(reply('answer', [cited(1), written, invented]), 'On needles')).toBe(
    'Why?\n\nFrom page 1. (p. 1)\nTold. (p. 3, near)\nInvented. (no page, unverified)\n\nOn needles',
  );
  expect(copyOf(reply('answer', []), 'On needles')).toBe('Why?\n\nThe document does not say.\n\nOn needles');
});
