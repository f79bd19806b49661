// SPDX-License-Identifier: Apache-2.0
import { beforeAll, expect, test } from 'vitest';
import type { HostReport } from '../../contract/host.ts';
import { recordedPc } from '../recorded-pc.ts';
import { diagnose } from './diagnose.ts';

const off = (iommu: Partial<HostReport['iommu']>) => (report: HostReport) => {
  Object.assign(report.iommu, { enabled: false, groups: 0, units: [], kernelArguments: [], ...iommu });
};

type Change = (report: HostReport) => unknown;
const table: readonly [what: string, changes: Change[], finding: object][] = [
  [
    'asked of nobody',
    [off({ firmwareTable: true })],
    { id: 'iommu-not-enabled', severity: 'warning', fix: 'iommu-kernel-argument' },
  ],
  [
    'forbidden',
    [off({ firmwareTable: true, kernelArguments: ['intel_iommu=off'] })],
    {
      id: 'iommu-not-enabled',
      fix: null,
      title: expect.stringContaining('intel_iommu=off'),
    },
  ],
  [
    'forbidden for every kind',
    [off({ firmwareTable: true, kernelArguments: ['iommu=off'] })],
    { id: 'iommu-not-enabled', fix: null },
  ],
  [
    'asked in vain',
    [off({ firmwareTable: true, kernelArguments: ['intel_iommu=on'] })],
    { id: 'iommu-not-enabled', fix: null, title: expect.stringContaining('and does not') },
  ],
  ['no table', [off({ firmwareTable: false })], { id: 'iommu-off-in-firmware', fix: null }],
  [
    'asked, and nobody can see a table',
    [off({ firmwareTable: null, kernelArguments: ['intel_iommu=on'] })],
    { id: 'iommu-off-in-firmware' },
  ],
  [
    'AMD with a table',
    [off({ firmwareTable: true }), (report) => (report.cpu.vendor = 'AMD')],
    { id: 'iommu-not-enabled', fix: null },
  ],
  ['unsafe interrupts', [(report) => (report.iommu.unsafeInterrupts = true)], { id: 'interrupts-unsafe' }],
  ['no IOMMU mode', [(report) => (report.iommu.noIommuMode = true)], { id: 'noiommu-mode' }],
  [
    'ACS override',
    [(report) => (report.iommu.acsOverride = true)],
    { id: 'acs-override', severity: 'warning' },
  ],
  [
    'little locked memory',
    [(report) => Object.assign(report.limits, { memlockBytes: 8 * 2 ** 20, memlockUnlimited: false })],
    { id: 'low-memlock', fix: 'memlock-limit' },
  ],
];

let read: HostReport;
beforeAll(async () => {
  using pc = recordedPc('workstation-two-gpus');
  read = await pc.report();
});

function pcWith(changes: readonly Change[]) {
  const report = structuredClone(read);
  for (const change of changes) change(report);
  return diagnose(report).findings;
}

test.each(table)('%s', (_, changes, finding) => {
  expect(pcWith(changes)).toContainEqual(expect.objectContaining(finding));
});

test('root may lock all memory, whatever the limit', () => {
  const findings = pcWith([
    (report) => Object.assign(report.limits, { memlockBytes: 65_536, memlockUnlimited: false }),
    (report) => (report.session.uid = 0),
  ]);
  expect(findings.map(({ id }) => id)).not.toContain('low-memlock');
});

test('a card and its sound in one group are not coarse', () => {
  expect(pcWith([]).map(({ id }) => id)).not.toContain('coarse-groups');
});
