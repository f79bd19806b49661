// SPDX-License-Identifier: Apache-2.0
//
// One good PC, with one thing changed: which cause is named?
import { beforeAll, expect, test } from 'vitest';
import type { DeviceNode, HostReport, KernelModule } from '../../contract/host.ts';
import { recordedPc } from '../recorded-pc.ts';
import { diagnose } from './diagnose.ts';

let read: HostReport;
beforeAll(async () => {
  using pc = recordedPc('workstation-two-gpus');
  read = await pc.report();
});
const goodPc = (): HostReport => structuredClone(read);

const kvm = (changes: Partial<DeviceNode>) => (report: HostReport) => {
  const device = report.devices.find(({ path }) => path === '/dev/kvm');
  Object.assign(device as DeviceNode, {
    usable: false,
    errorCode: 'EACCES',
    group: 'kvm',
    mode: '0660',
    ...changes,
  });
  report.accelerators = [];
};
const absent = kvm({ exists: false, errorCode: 'ENOENT', group: null, mode: null });
const state = (name: string, value: KernelModule['state']) => (report: HostReport) => {
  const module = report.modules.find((each) => each.name === name);
  if (module !== undefined) module.state = value;
};
const noFlag = (report: HostReport) =>
  Object.assign(report.cpu.virtualization, { extension: null, secondGeneration: null });
const inContainer = (report: HostReport) => (report.virtualised.container = 'docker');
const failed = (reason: HostReport['accelerators'][number]['reason']) => (report: HostReport) => {
  const [verdict] = report.accelerators;
  if (verdict !== undefined) Object.assign(verdict, { accelerator: 'tcg', reason });
};

type Change = (report: HostReport) => unknown;

const table: readonly [what: string, changes: Change[], findings: string[]][] = [
  ['nothing is wrong', [], ['good kvm-works']],
  [
    'not tried, no QEMU',
    [(report) => (report.accelerators = []), (report) => (report.vmms = [])],
    ['problem vmm-missing', 'advice kvm-untried <- vmm-missing'],
  ],
  [
    'no flag, a processor that has it',
    [absent, noFlag],
    ['problem virtualization-off-in-firmware', 'problem guests-emulated <- virtualization-off-in-firmware'],
  ],
  [
    'no flag, an unknown processor of today',
    [
      absent,
      noFlag,
      (report) => Object.assign(report.cpu, { model: 'Genuine Intel(R) 0000', level: 'x86-64-v3' }),
    ],
    ['problem virtualization-off-in-firmware', 'problem guests-emulated <- virtualization-off-in-firmware'],
  ],
  [
    'no flag, an unknown processor of old',
    [
      absent,
      noFlag,
      (report) => Object.assign(report.cpu, { model: 'Genuine Intel(R) 0000', level: 'x86-64-v1' }),
    ],
    ['problem no-virtualization', 'problem guests-emulated <- no-virtualization'],
  ],
  [
    'no flag, a processor without it',
    [absent, noFlag, (report) => (report.cpu.model = 'Intel(R) Atom(TM) CPU N270   @ 1.60GHz')],
    ['problem no-virtualization', 'problem guests-emulated <- no-virtualization'],
  ],
  [
    'no flag in a virtual machine',
    [absent, noFlag, (report) => (report.virtualised.hypervisor = 'vmware')],
    ['problem inside-vm', 'problem guests-emulated <- inside-vm'],
  ],
  [
    'works in a virtual machine',
    [(report) => (report.virtualised.hypervisor = 'vmware')],
    ['advice inside-vm', 'good kvm-works'],
  ],
  [
    'broken in a virtual machine',
    [failed('kvm-hangs'), (report) => (report.virtualised.hypervisor = 'kvm')],
    [
      'problem inside-vm',
      'problem kvm-broken <- inside-vm',
      'problem guests-emulated <- inside-vm, kvm-broken',
    ],
  ],
  [
    'broken on metal',
    [failed('kvm-aborts')],
    ['problem kvm-broken', 'problem guests-emulated <- kvm-broken'],
  ],
  [
    'VirtualBox holds it',
    [failed('kvm-start-failed'), state('vboxdrv', 'loaded')],
    ['problem other-hypervisor', 'problem guests-emulated <- other-hypervisor'],
  ],
  [
    'VirtualBox is there and does not hold it',
    [failed('kvm-hangs'), state('vboxdrv', 'loaded')],
    ['problem kvm-broken', 'problem guests-emulated <- kvm-broken'],
  ],
  [
    'module on the disk',
    [absent, state('kvm', 'available'), state('kvm_intel', 'available')],
    ['problem kvm-module-not-loaded ! kvm-module', 'problem guests-emulated <- kvm-module-not-loaded'],
  ],
  [
    'module nowhere',
    [absent, state('kvm', 'missing'), state('kvm_intel', 'missing')],
    ['problem kvm-module-missing', 'problem guests-emulated <- kvm-module-missing'],
  ],
  [
    'old kernel that shows the flag, module refused',
    [absent, state('kvm_intel', 'available'), (report) => (report.kernel = '5.4.0-200-generic')],
    ['problem virtualization-off-in-firmware', 'problem guests-emulated <- virtualization-off-in-firmware'],
  ],
  [
    'module loaded, no device',
    [absent],
    ['problem kvm-device-missing', 'problem guests-emulated <- kvm-device-missing'],
  ],
  [
    'module loaded, no device, container',
    [absent, inContainer],
    ['problem inside-container', 'problem guests-emulated <- inside-container'],
  ],
  [
    'container forbids it',
    [kvm({ errorCode: 'EPERM' }), inContainer],
    ['problem inside-container', 'problem guests-emulated <- inside-container'],
  ],
  [
    'a device without a driver',
    [kvm({ errorCode: 'ENXIO' }), state('kvm_intel', 'available')],
    ['problem kvm-module-not-loaded ! kvm-module', 'problem guests-emulated <- kvm-module-not-loaded'],
  ],
  [
    'not in the group',
    [kvm({}), (report) => Object.assign(report.session, { groups: [], groupsOnPaper: [] })],
    ['problem kvm-no-group ! kvm-group', 'problem guests-emulated <- kvm-no-group'],
  ],
  [
    'in the group since today',
    [kvm({}), (report) => (report.session.groups = [])],
    ['problem kvm-session-old', 'problem guests-emulated <- kvm-session-old'],
  ],
  [
    'only root',
    [kvm({ group: 'root', mode: '0600' })],
    ['problem kvm-device-mode ! kvm-udev', 'problem guests-emulated <- kvm-device-mode'],
  ],
  [
    'Xen',
    [absent, noFlag, (report) => (report.virtualised.xenHost = true)],
    ['problem xen-host', 'problem guests-emulated <- xen-host'],
  ],
  [
    '32 bits',
    [absent, (report) => (report.cpu.architecture = 'i686')],
    [
      'problem architecture-unsupported',
      'problem guests-emulated <- architecture-unsupported',
      'problem vmm-missing',
    ],
  ],
  [
    'arm in EL1',
    [absent, noFlag, (report) => (report.cpu.architecture = 'aarch64')],
    [
      'problem virtualization-off-in-firmware',
      'problem guests-emulated <- virtualization-off-in-firmware',
      'problem vmm-missing',
    ],
  ],
  [
    'first generation',
    [(report) => (report.cpu.virtualization.secondGeneration = false)],
    ['warning no-second-generation', 'good kvm-works'],
  ],
  [
    'nested off',
    [(report) => (report.cpu.virtualization.nested = false)],
    ['advice nested-off ! nested-kvm', 'good kvm-works'],
  ],
];

// What this table is not about.
const others = /iommu|graphics|vhost|venus/;

test.each(table)('%s', (_, changes, findings) => {
  const report = goodPc();
  for (const change of changes) change(report);
  const found = diagnose(report).findings.filter(({ id }) => !others.test(id));
  const lines = found.map(({ severity, id, causedBy, fix }) => {
    const causes = causedBy.length === 0 ? '' : ` <- ${causedBy.join(', ')}`;
    return `${severity} ${id}${causes}${fix === null ? '' : ` ! ${fix}`}`;
  });
  expect(lines).toEqual(findings);
});

test('every finding says more than its title, and problems show evidence', () => {
  for (const [, changes] of table) {
    const report = goodPc();
    for (const change of changes) change(report);
    for (const finding of diagnose(report).findings) {
      expect(finding.title).toMatch(/\.$/);
      expect(finding.explanation).not.toBe('');
      expect(finding.evidence.every(({ source, value }) => source !== '' && value !== '')).toBe(true);
    }
  }
});
