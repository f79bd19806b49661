// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import { PhyllomeError } from '../../contract/errors.ts';
import type { KeyName } from '../../contract/keys.ts';
import type { Keyboard } from '../driver.ts';
import type { Qmp } from './qmp.ts';

/**
 * QEMU holds each key for `hold-time`, and waits as long after each release: it plays what it was told out of a
 * queue. So a press takes twice the time for each of its keys, and the next one must not come before.
 */
export function createKeyboard(
  qmp: Qmp,
  name: string,
  wait: (milliseconds: number) => Promise<unknown> = delay,
): Keyboard {
  return {
    async press(keys, milliseconds) {
      const values = keys.map((key) => ({ type: 'qcode', data: qcodeOf(key) }));
      try {
        await qmp.execute('send-key', { keys: values, 'hold-time': milliseconds });
      } catch (error) {
        // An older QEMU does not know some names; it says so before it presses anything.
        const key = unknownKey(error, keys);
        if (key === undefined) throw error;
        throw new PhyllomeError('key-unsupported', { name, key }, { cause: error });
      }
      await wait(2 * milliseconds * keys.length);
    },
  };
}

function unknownKey(error: unknown, keys: readonly KeyName[]): KeyName | undefined {
  if (!(error instanceof PhyllomeError) || error.code !== 'vmm-refused') return undefined;
  const words = /does not accept value '([^']*)'|[Ii]nvalid parameter '([^']*)'/.exec(error.message);
  return keys.find((key) => [words?.[1], words?.[2]].includes(qcodeOf(key)));
}

/** What QEMU calls our keys, where that is another name (enum QKeyCode of its ui.json). */
const otherNames: Partial<Record<KeyName, string>> = {
  'ctrl-right': 'ctrl_r',
  'shift-right': 'shift_r',
  'alt-right': 'alt_r',
  super: 'meta_l',
  'super-right': 'meta_r',
  // The key between the right "super" and "ctrl"; what QEMU calls menu is one of Sun's keyboards.
  menu: 'compose',
  'bracket-left': 'bracket_left',
  'bracket-right': 'bracket_right',
  grave: 'grave_accent',
  enter: 'ret',
  space: 'spc',
  escape: 'esc',
  'caps-lock': 'caps_lock',
  'num-lock': 'num_lock',
  'scroll-lock': 'scroll_lock',
  'page-up': 'pgup',
  'page-down': 'pgdn',
  'keypad-plus': 'kp_add',
  'keypad-minus': 'kp_subtract',
  'keypad-times': 'kp_multiply',
  'keypad-divide': 'kp_divide',
  'keypad-dot': 'kp_decimal',
  'keypad-enter': 'kp_enter',
  'volume-up': 'volumeup',
  'volume-down': 'volumedown',
  mute: 'audiomute',
  play: 'audioplay',
  stop: 'audiostop',
  next: 'audionext',
  previous: 'audioprev',
  'katakana-hiragana': 'katakanahiragana',
};

/** The name of a key in QEMU. */
export function qcodeOf(key: KeyName): string {
  return otherNames[key] ?? key.replace(/^keypad-(?=\d$)/, 'kp_');
}
