// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import { keyNames } from '../../contract/keys.ts';
import { createKeyboard, qcodeOf } from './keyboard.ts';
import type { Qmp } from './qmp.ts';

function keyboard(refusal?: string) {
  const commands: unknown[] = [];
  const qmp: Qmp = {
    async execute(command, args) {
      commands.push([command, args]);
      if (refusal !== undefined)
        throw new PhyllomeError('vmm-refused', { name: 'tiny', command, reason: refusal });
      return {};
    },
    close() {},
  };
  const waits: number[] = [];
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  return { commands, waits, ...createKeyboard(qmp, 'tiny', wait) };
}

// QEMU 7.2, query-qmp-schema; f13 to f24 came with 8.0 (seen in its ui.json).
const qcodes = new Set(
  `shift shift_r alt alt_r ctrl ctrl_r menu esc 1 2 3 4 5 6 7 8 9 0 minus equal backspace tab q w e r t y u i o p
  bracket_left bracket_right ret a s d f g h j k l semicolon apostrophe grave_accent backslash z x c v b n m comma dot
  slash asterisk spc caps_lock f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 num_lock scroll_lock kp_divide kp_multiply kp_subtract
  kp_add kp_enter kp_decimal sysrq kp_0 kp_1 kp_2 kp_3 kp_4 kp_5 kp_6 kp_7 kp_8 kp_9 less f11 f12 print home pgup pgdn
  end left up down right insert delete stop again props undo front copy open paste find cut lf help meta_l meta_r compose
  pause ro hiragana henkan yen muhenkan katakanahiragana kp_comma kp_equals power sleep wake audionext audioprev
  audiostop audioplay audiomute volumeup volumedown mediaselect mail calculator computer ac_home ac_back ac_forward
  ac_refresh ac_bookmarks lang1 lang2 f13 f14 f15 f16 f17 f18 f19 f20 f21 f22 f23 f24`.split(/\s+/),
);

test('QEMU knows every key, and none by two names', () => {
  const used = keyNames.map(qcodeOf);
  expect(used.filter((qcode) => !qcodes.has(qcode))).toEqual([]);
  expect(new Set(used).size).toBe(used.length);
});

test('keys go down in their order, and are waited for until they are up', async () => {
  const { press, commands, waits } = keyboard();
  await press(['ctrl', 'alt', 'delete'], 50);
  expect(waits).toEqual([300]);
  const keys = ['ctrl', 'alt', 'delete'].map((data) => ({ type: 'qcode', data }));
  expect(commands).toEqual([['send-key', { keys, 'hold-time': 50 }]]);
});

test.each(["Parameter 'keys[0].data' does not accept value 'f13'", "Invalid parameter 'f13'"])(
  'a key that this QEMU lacks is named: %s',
  async (words) => {
    const { press } = keyboard(words);
    await expect(press(['shift', 'f13'], 10)).rejects.toMatchObject({
      code: 'key-unsupported',
      facts: { name: 'tiny', key: 'f13' },
    });
  },
);

test('any other refusal stays what it is', async () => {
  await expect(keyboard('no').press(['a'], 10)).rejects.toMatchObject({ code: 'vmm-refused' });
});
