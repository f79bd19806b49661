// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { releaseChord } from '../machine/screen/release-chord.ts';
import { hostKeyCodes } from './host-key.ts';
import type { HostKey } from '../../contract/favourite.ts';

/** "+Code" is a key going down, "-Code" one coming up; a second passes with each. */
function play(key: HostKey, ...events: string[]): boolean {
  const look = releaseChord(hostKeyCodes[key]);
  return events
    .map((event, at) =>
      look({
        type: event.startsWith('+') ? 'keydown' : 'keyup',
        code: event.slice(1),
        timeStamp: at * 1000,
      }),
    )
    .includes(true);
}

test.each<[HostKey, string[]]>([
  ['ctrl-alt', ['+ControlLeft', '+AltLeft', '-AltLeft', '-ControlLeft']],
  ['right-ctrl', ['+ControlRight', '-ControlRight']],
  ['both-ctrl', ['+ControlLeft', '+ControlRight', '-ControlLeft', '-ControlRight']],
  ['both-shift', ['+ShiftRight', '+ShiftLeft', '-ShiftLeft', '-ShiftRight']],
  ['scroll-lock', ['+ScrollLock', '-ScrollLock']],
])('%s brings the host back', (key, events) => {
  expect(play(key, ...events)).toBe(true);
});

test.each<[HostKey, string[]]>([
  ['ctrl-alt', ['+ControlLeft', '+AltLeft', '+KeyT', '-KeyT', '-AltLeft', '-ControlLeft']],
  ['right-ctrl', ['+ControlRight', '+KeyC', '-KeyC', '-ControlRight']],
  ['right-ctrl', ['+ControlLeft', '-ControlLeft']],
  ['both-ctrl', ['+ControlLeft', '-ControlLeft', '+ControlRight', '-ControlRight']],
  ['both-shift', ['+ShiftLeft', '+KeyA', '+ShiftRight', '-KeyA', '-ShiftLeft', '-ShiftRight']],
])('%s: other keys are the guest’s (%j)', (key, events) => {
  expect(play(key, ...events)).toBe(false);
});

test('a key that was let go where nobody saw it does not take the host key away for ever', () => {
  const lost = ['+KeyA', ...Array.from({ length: 12 }, () => '-KeyZ')];
  expect(play('ctrl-alt', ...lost, '+ControlLeft', '+AltLeft', '-ControlLeft', '-AltLeft')).toBe(true);
});
