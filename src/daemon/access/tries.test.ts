// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import type { PasswordHash } from '../../host/access/password.ts';
import { createPasswordDoor } from './password-door.ts';
import { createTries, placeOf } from './tries.ts';

const minute = 60_000;

function made(known: readonly string[] = []) {
  let time = 1_800_000_000_000;
  const tries = createTries(
    (from) => known.includes(from),
    () => time,
  );
  return { tries, pass: (milliseconds: number) => void (time += milliseconds) };
}

test('the more wrong passwords, the longer until the next one counts', () => {
  const { tries, pass } = made();
  const waits: number[] = [];
  for (let failures = 0; failures < 20; failures += 1) {
    tries.failed('192.0.2.1');
    waits.push(tries.wait('192.0.2.1'));
    pass(tries.wait('192.0.2.1'));
    expect(tries.wait('192.0.2.1')).toBe(0);
  }
  expect(waits.slice(0, 9)).toEqual([0, 0, 0, 0, 1000, 2000, 4000, 8000, 16_000]);
  expect(Math.max(...waits)).toBe(15 * minute);
});

test('the right one makes up for the wrong ones, and so does a day', () => {
  const { tries, pass } = made();
  for (let failures = 0; failures < 9; failures += 1) tries.failed('192.0.2.1');
  tries.succeeded('192.0.2.1');
  expect(tries.wait('192.0.2.1')).toBe(0);
  for (let failures = 0; failures < 20; failures += 1) tries.failed('192.0.2.2');
  pass(24 * 60 * minute + 1);
  tries.failed('192.0.2.2');
  expect(tries.wait('192.0.2.2')).toBe(0);
});

test('many addresses together are held up as well, but not who is signed in already', () => {
  const { tries } = made(['192.0.2.99']);
  for (let last = 1; last <= 40; last += 1) tries.failed(`198.51.100.${last}`);
  expect(tries.wait('203.0.113.1')).toBe(minute);
  expect(tries.wait('192.0.2.99')).toBe(0);
});

test('what is remembered has a limit', () => {
  const { tries } = made();
  for (let failures = 0; failures < 6; failures += 1) tries.failed('192.0.2.1');
  expect(tries.wait('192.0.2.1')).toBe(2000);
  for (let count = 0; count < 1000; count += 1) tries.failed(`10.0.${count >> 8}.${count & 255}`);
  // Its own count made room; what all did together still holds it up.
  expect(tries.wait('192.0.2.1')).toBe(minute);
});

test('a clock that is set back does not make it longer', () => {
  const { tries, pass } = made();
  for (let failures = 0; failures < 6; failures += 1) tries.failed('192.0.2.1');
  pass(-365 * 24 * 60 * minute);
  expect(tries.wait('192.0.2.1')).toBeLessThanOrEqual(2000);
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['this PC', 'this PC'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('%s counts as %s', (from, place) => {
  expect(placeOf(from)).toBe(place);
});

const kept = {} as PasswordHash;
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing',
    (error: unknown) => PhyllomeError.from(error).code,
  );

test('a thousand passwords at once are not a thousand looked at', async () => {
  const { tries } = made();
  let looked = 0;
  let atOnce = 0;
  const door = createPasswordDoor(tries, async () => {
    looked += 1;
    atOnce += 1;
    expect(atOnce).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    atOnce -= 1;
    return false;
  });
  const codes = await Promise.all(
    Array.from({ length: 1000 }, (_, index) =>
      codeOf(door.require('x', kept, `10.0.${index >> 8}.${index & 255}`)),
    ),
  );
  expect(looked).toBe(8);
  expect(codes.filter((code) => code === 'password-wrong').length).toBe(8);
  expect(codes.filter((code) => code === 'too-many-tries').length).toBe(992);
  // Nobody is left waiting.
  expect(await codeOf(door.require('x', kept, '192.0.2.1'))).toBe('password-wrong');
});

test('while it is held up, the right password is not looked at either', async () => {
  const { tries, pass } = made();
  let looked = 0;
  const door = createPasswordDoor(tries, async (given) => {
    looked += 1;
    return given === 'right';
  });
  for (let count = 0; count < 5; count += 1)
    expect(await codeOf(door.require('wrong', kept, '192.0.2.1'))).toBe('password-wrong');
  expect(await codeOf(door.require('right', kept, '192.0.2.1'))).toBe('too-many-tries');
  expect(looked).toBe(5);
  pass(1000);
  expect(await codeOf(door.require('right', kept, '192.0.2.1'))).toBe('nothing');
});
