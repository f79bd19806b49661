// SPDX-License-Identifier: Apache-2.0
import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { fixIds } from '../contract/doctor.ts';
import { makePc, writeFiles } from '../host/fixes/testing.ts';
import { createFixes } from './fixes.ts';

test('says what could be changed for the user of this service, and what was', () => {
  using pc = makePc('vhost-modules');
  const fixes = createFixes(pc.root);
  expect(fixes.listFixes().map(({ id }) => id)).toEqual([...fixIds]);
  expect(fixes.showFix('vhost-modules')).toMatchObject({ state: 'applicable', user: userInfo().username });
  expect(() => fixes.showFix('reboot')).toThrow(expect.objectContaining({ code: 'fix-not-found' }));
  expect(fixes.listJournal()).toEqual([]);
  expect(() => fixes.showUndo('../../etc')).toThrow(expect.objectContaining({ code: 'undo-not-found' }));
  writeFiles(pc, { '/sys/module/vhost_net/x': '', '/sys/module/vhost_vsock/x': '' });
  expect(fixes.showFix('vhost-modules').state).toBe('done');
});
