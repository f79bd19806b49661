// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Restore } from '../../contract/plan.ts';
import { usesSlirp } from './nics.ts';
import { plan } from './plan.ts';
import { machine, report, somePaths, valuesOf } from './testing.ts';

const restore: Restore = {
  file: '/machine/saved/memory',
  kind: 'qemu-stream',
  machineType: 'pc-q35-7.2',
  without: [],
};
const desktop = machine({ display: { type: 'vnc' }, clipboard: true });

test('a machine that goes on waits for its memory, on the board that it was saved from', () => {
  const planned = plan(desktop, report(), somePaths, restore);
  expect(planned.restore).toEqual(restore);
  expect(valuesOf(planned, '-incoming')).toEqual(['defer']);
  expect(valuesOf(planned, '-machine')[0]).toMatch(/^pc-q35-7\.2,/);
  // Nothing else differs: what is saved fits these devices and no others.
  const command = planned.process.command.filter((word) => word !== '-incoming' && word !== 'defer');
  const usual = plan(desktop, report(), somePaths).process.command;
  expect(command.map((word) => word.replace(/^pc-q35-7\.2,/, 'q35,'))).toEqual(usual);
});

test("a guest whose connections QEMU's own network holds goes on on that, whatever a start would take now", () => {
  const networked = machine({ nics: [{ type: 'user' }] });
  const now = plan(networked, report(), somePaths, restore);
  expect(usesSlirp(now.process.command)).toBe(false);
  const planned = plan(networked, report(), somePaths, { ...restore, network: 'slirp' });
  expect(usesSlirp(planned.process.command)).toBe(true);
  expect(planned.helpers).toEqual([]);
});

test('what was taken out for the saving is not there until the memory is', () => {
  const planned = plan(desktop, report(), somePaths, { ...restore, without: ['clipboard'] });
  expect(planned.process.command.join('\n')).not.toContain('com.redhat.spice.0');
  expect(plan(desktop, report(), somePaths).process.command.join('\n')).toContain('com.redhat.spice.0');
});
