// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { PhyllomeError } from '../contract/errors.ts';
import type { Keyboard, Session } from '../vmm/driver.ts';
import { createKeys } from './keys.ts';
import { machineState } from './machine-state.ts';
import type { Runner } from './runner.ts';

/** A running machine that notes the keys it gets, as far as a keyboard needs one. */
function machine(press?: Keyboard['press']) {
  const pressed: string[] = [];
  const state = { now: machineState('running') };
  const keyboard: Keyboard = {
    async press(keys, milliseconds) {
      await press?.(keys, milliseconds);
      pressed.push(keys.join('+'));
    },
  };
  const session = { keyboard } as Session;
  const runner = {
    get state() {
      return state.now;
    },
    session: () => session,
  } as Runner;
  return { runner, pressed, state, session };
}

test('keys are pressed together, by any of their names', async () => {
  const { runner, pressed } = machine();
  await createKeys().press('tiny', runner, ['Control', 'ALT', 'del']);
  expect(pressed).toEqual(['ctrl+alt+delete']);
});

test.each([
  [[], 'keys-missing', /no key to press/],
  [['ctrl', 'delte'], 'key-unknown', /no key "delte"\. Did you mean delete/],
  [['ctrl', 'x\u001b[31m'], 'key-unknown', /no key "x\\u001b\[31m"\.$/],
])('%j: %s, and nothing is pressed', async (keys, code, message) => {
  const { runner, pressed } = machine();
  await expect(createKeys().press('tiny', runner, keys)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
  expect(pressed).toEqual([]);
});

test('a text is typed character by character', async () => {
  const { runner, pressed } = machine();
  expect(await createKeys().type('tiny', runner, 'Hi!\r\n')).toBe(4);
  expect(pressed).toEqual(['shift+h', 'i', 'shift+1', 'enter']);
});

test('what cannot be typed is said before anything is', async () => {
  const { runner, pressed } = machine();
  await expect(createKeys().type('tiny', runner, 'grün\u0007🌱ü')).rejects.toMatchObject({
    code: 'text-untypable',
    message: 'No key of a US keyboard types ü, U+0007, 🌱.',
  });
  expect(pressed).toEqual([]);
});

test('two who type at the same time take turns', async () => {
  const { runner, pressed } = machine(() => new Promise((resolve) => setImmediate(resolve)));
  const keys = createKeys();
  await Promise.all([
    keys.type('tiny', runner, 'aaa'),
    keys.type('tiny', runner, 'bbb'),
    keys.press('tiny', runner, ['c']),
  ]);
  expect(pressed.join('')).toBe('aaabbbc');
});

test('a machine that stops taking keys says how far it came, and others go on', async () => {
  const paused = machine(async () => {
    if (paused.pressed.length === 2) paused.state.now = machineState('paused');
  });
  const keys = createKeys();
  await expect(keys.type('tiny', paused.runner, 'abcdef')).rejects.toMatchObject({
    code: 'typing-interrupted',
    facts: { name: 'tiny', typed: 3, total: 6 },
    message: 'Only 3 of 6 characters were typed into tiny: it is paused now.',
  });
  expect(paused.pressed).toEqual(['a', 'b', 'c']);
  paused.state.now = machineState('running');
  expect(await keys.type('tiny', paused.runner, 'x')).toBe(1);

  const gone = machine(async () => {
    if (gone.pressed.length === 1) throw new PhyllomeError('vmm-gone', { name: 'tiny', reason: 'killed' });
  });
  await expect(keys.type('tiny', gone.runner, 'abc')).rejects.toMatchObject({
    code: 'typing-interrupted',
    message: expect.stringMatching(/^Only 1 of 3 .* killed/),
  });
});

test('a machine without a keyboard says so', async () => {
  const { runner, session } = machine();
  delete session.keyboard;
  const keys = createKeys();
  await expect(keys.press('tiny', runner, ['a'])).rejects.toMatchObject({ code: 'keyboard-none' });
  await expect(keys.type('tiny', runner, 'a')).rejects.toMatchObject({ code: 'keyboard-none' });
});
