// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { despair, plainText } from './verdict.ts';

test.each([
  ['[    4.1] Kernel panic - not syncing: VFS: Unable to mount root fs', 'the kernel panicked'],
  ['[!!!!!!] Failed to execute /sbin/init, giving up: No such file. Freezing execution.', 'systemd froze'],
  ['You are in emergency mode. After logging in, type "journalctl -xb"', 'it is in emergency mode'],
  ['BdsDxe: No bootable option or device was found.', 'the firmware found nothing to start'],
])('%s', (line, why) => {
  expect(despair(line)).toContain(why);
});

test.each([
  'systemd[1]: emergency.service: Job type is verify-active',
  '[  OK  ] Reached target multi-user.target - Multi-User System.',
  'Command line: panic=30 systemd.crash_reboot=1',
  '',
])('hope stays: %s', (line) => {
  expect(despair(line)).toBeNull();
});

test('what is only for terminals goes', () => {
  expect(plainText('\u001B[2J\u001B[01;01H[\u001B[0;32m  OK  \u001B[0m] Started\r\n')).toBe(
    '[  OK  ] Started\n',
  );
});
