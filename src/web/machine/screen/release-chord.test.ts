// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { releaseChord } from './release-chord.ts';

/** "+Code" is a key going down, "-Code" one coming up. Answers for each whether the chord was complete. */
const play = (...keys: string[]): boolean[] => {
  const look = releaseChord();
  return keys.map((key) => look({ type: key.startsWith('+') ? 'keydown' : 'keyup', code: key.slice(1) }));
};

test.each([
  ['Ctrl first', ['+ControlLeft', '+AltLeft', '-AltLeft', '-ControlLeft']],
  [
    'Alt first, and repeated while held',
    ['+AltLeft', '+AltLeft', '+ControlLeft', '+ControlLeft', '-AltLeft', '-ControlLeft'],
  ],
])('%s releases with the last key up', (_, keys) => {
  const answers = play(...keys);
  expect(answers.at(-1)).toBe(true);
  expect(answers.slice(0, -1)).not.toContain(true);
});

test.each([
  ['Ctrl-Alt-Delete', ['+ControlLeft', '+AltLeft', '+Delete', '-Delete', '-AltLeft', '-ControlLeft']],
  ['Ctrl alone', ['+ControlLeft', '-ControlLeft']],
  ['one after the other', ['+ControlLeft', '-ControlLeft', '+AltLeft', '-AltLeft']],
  [
    'the right Alt, which types on many keyboards',
    ['+ControlLeft', '+AltRight', '-AltRight', '-ControlLeft'],
  ],
])('%s belongs to the guest', (_, keys) => {
  expect(play(...keys)).not.toContain(true);
});

test('works again after another chord', () => {
  const other = ['+ControlLeft', '+KeyC', '-KeyC', '-ControlLeft'];
  expect(play(...other, '+ControlLeft', '+AltLeft', '-ControlLeft', '-AltLeft').at(-1)).toBe(true);
});
