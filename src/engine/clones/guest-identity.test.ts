// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { guestIdentity } from './guest-identity.ts';

test.each([
  ['debian13', /systemd-machine-id-setup/],
  ['generic', /ssh-keygen -A/],
  ['win11', /sysprep/],
  ['win2k22', /sysprep/],
  ['freebsd14', /hostid/],
  ['openbsd7', /^$/],
  ['tiny', /^$/],
])('%s', (guestOs, commands) => {
  expect(guestIdentity(guestOs, 'web').commands.join('\n')).toMatch(commands);
});

test.each([
  ['Mein Büro-PC!', 'mein-bu-ro-pc'],
  ["'; rm -rf / #", 'rm-rf'],
  ['🌱', 'clone'],
  ['a'.repeat(100), 'a'.repeat(63)],
])('%j as a host name is nothing that a shell reads otherwise', (name, host) => {
  expect(guestIdentity('debian13', name).commands[0]).toBe(`hostnamectl set-hostname ${host}`);
});
