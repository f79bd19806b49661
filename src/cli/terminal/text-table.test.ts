// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { displayWidth, textTable } from './text-table.ts';

test.each([
  ['tiny', 4],
  ['größe', 5],
  ['日本', 4],
  ['🦊', 2],
  ['👨‍👩‍👧', 2],
  ['❤️', 2],
  ['e\u0301', 1],
  ['', 0],
])('%j takes %i columns', (text, width) => expect(displayWidth(text)).toBe(width));

describe('a table', () => {
  test('is aligned by what is seen, not by characters or colours', () => {
    const lines = textTable(
      [{ title: 'NAME' }, { title: 'N', align: 'right' }, { title: 'STATE' }],
      [
        ['🦊', '1', { text: 'ok', shown: '<green>ok</green>' }],
        ['a name', '100', 'broken'],
      ],
    );
    expect(lines).toEqual(['NAME      N  STATE', '🦊        1  <green>ok</green>', 'a name  100  broken']);
  });

  test('has no spaces at the ends of lines', () => {
    expect(textTable([{ title: 'A' }, { title: '' }], [['x', '']])).toEqual(['A', 'x']);
  });
});
