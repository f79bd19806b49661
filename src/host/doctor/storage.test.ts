// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { HostReport } from '../../contract/host.ts';
import { recordedPc } from '../recorded-pc.ts';
import { diagnose } from './diagnose.ts';

const gibibyte = 2 ** 30;

function ofStorage(report: HostReport): string[] {
  return diagnose(report)
    .findings.filter(({ id }) => id.startsWith('disk-'))
    .map(({ severity, id }) => `${severity} ${id}`);
}

test('what is in memory is said once, and is as it should be on a live system alone', async () => {
  using pc = recordedPc('desktop-amd-coarse');
  const report = await pc.report();
  const [first] = report.storage;
  if (first === undefined) throw new Error('the PC has no storage');
  const storage = [{ ...first, kind: 'memory' as const, filesystem: 'tmpfs', freeBytes: gibibyte }];
  expect(ofStorage({ ...report, storage })).toEqual(['problem disk-in-memory']);
  const os = { ...report.os, image: 'phyllome' };
  expect(ofStorage({ ...report, os, storage })).toEqual(['warning disk-in-memory']);
  expect(ofStorage({ ...report, storage: [{ ...first, freeBytes: gibibyte }] })).toEqual([
    'problem disk-full',
  ]);
});
