// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { guestName } from './guest-name.ts';

test.each([
  ['debian13', 'Debian 13'],
  ['ubuntu24.04', 'Ubuntu 24.04'],
  ['win11', 'Windows 11'],
  ['win2k22', 'Windows Server 2022'],
  ['win2k8', 'Windows Server 2008'],
  ['centos-stream9', 'CentOS Stream 9'],
  ['tiny', 'Tiny Linux'],
  ['archlinux', 'Arch Linux'],
  ['winter', 'winter'],
  ['haiku', 'haiku'],
  ['generic', null],
  [null, null],
])('%s is %s', (id, name) => {
  expect(guestName(id)).toBe(name);
});
