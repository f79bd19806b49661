// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { readSmart } from './smart.ts';

test('a disk that is about to fail says why, as far as its kind can', () => {
  const nvme = { smart_status: { passed: false, nvme: { value: 0b101 } } };
  expect(readSmart(JSON.stringify(nvme))).toBe('its spare room is used up, it is worn out');
  expect(readSmart('{"smart_status":{"passed":false}}')).toBe('SMART: failed');
});

test('a disk that is well, and one that says nothing, are no reason against them', () => {
  expect(readSmart('{"smart_status":{"passed":true,"nvme":{"value":0}}}')).toBe(null);
  expect(readSmart('{"smartctl":{"messages":[{"string":"Unable to detect device type"}]}}')).toBe(null);
});
