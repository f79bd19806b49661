// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { checksToSkip } from './setup-checks.ts';

const GiB = 2 ** 30;
const whole = {
  boot: { type: 'uefi' as const, secureBoot: true },
  tpm: 'emulated' as const,
  memory: 4 * GiB,
  disks: [{ size: 64 * GiB }] as never,
};

test('a machine that has everything only leaves out what nobody can know', () => {
  expect(checksToSkip(whole)).toEqual(['BypassCPUCheck']);
});

test('each thing that is missing is one check less', () => {
  expect(checksToSkip({ ...whole, tpm: 'none' })).toContain('BypassTPMCheck');
  expect(checksToSkip({ ...whole, boot: { type: 'bios' } })).toContain('BypassSecureBootCheck');
  expect(checksToSkip({ ...whole, memory: 2 * GiB })).toContain('BypassRAMCheck');
  expect(checksToSkip({ ...whole, disks: [{ size: 40 * GiB }] as never })).toContain('BypassStorageCheck');
});
