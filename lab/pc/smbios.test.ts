// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { anyPc } from './pc-spec.ts';
import { smbiosArguments } from './smbios.ts';

test('credentials come whole, whatever is in them', () => {
  const value = 'a line, with a comma\nand another = é';
  const [flag, text = ''] = smbiosArguments({ ...anyPc, kernelArguments: [], credentials: { 'a.b': value } });
  expect(flag).toBe('-smbios');
  const [, encoded = ''] = /^type=11,value=io\.systemd\.credential\.binary:a\.b=(.*)$/.exec(text) ?? [];
  expect(Buffer.from(encoded, 'base64').toString()).toBe(value);
});

test('commas of kernel arguments are doubled, as QEMU wants it', () => {
  expect(smbiosArguments({ ...anyPc, kernelArguments: ['console=ttyS0,115200', 'quiet'] })).toEqual([
    '-smbios',
    'type=11,value=io.systemd.stub.kernel-cmdline-extra=console=ttyS0,,115200 quiet',
  ]);
  expect(smbiosArguments({ ...anyPc, kernelArguments: [] })).toEqual([]);
});
