// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { examine } from './examine.ts';
import { machine } from './testing.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ph-kernel-'));
  await writeFile(join(folder, 'unpacked'), '\x7fELF\x02 and more', 'latin1');
  await writeFile(join(folder, 'packed'), 'MZ and more');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const kernel = (name: string, more: object = { initrd: 'i' }) => ({
  boot: { type: 'kernel', kernel: name, ...more },
});

test.for<[string, object, string[]]>([
  [
    'an unpacked kernel with initrd and TPM',
    { ...kernel('unpacked'), tpm: 'emulated' },
    ['tpm-unpacked-kernel'],
  ],
  ['the same without a TPM', kernel('unpacked'), []],
  ['the same without an initrd', { ...kernel('unpacked', {}), tpm: 'emulated' }, []],
  ['a packed kernel', { ...kernel('packed'), tpm: 'emulated' }, []],
  ['one that is not there', { ...kernel('nowhere'), tpm: 'emulated' }, []],
  ['an ARM machine', { ...kernel('unpacked'), tpm: 'emulated', architecture: 'aarch64' }, []],
  ['UEFI', { boot: { type: 'uefi' }, tpm: 'emulated' }, []],
])('%s', async ([, draft, codes]) => {
  const reasons = await examine(machine(draft), { machine: folder });
  expect(reasons.map(({ code }) => code)).toEqual(codes);
});
