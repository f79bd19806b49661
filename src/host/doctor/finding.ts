// SPDX-License-Identifier: Apache-2.0
//
// How checks of the doctor are written: a function from the report to what it finds.
import type { Evidence, Finding, FindingId } from '../../contract/doctor.ts';
import type { AcceleratorVerdict, DeviceNode, HostReport } from '../../contract/host.ts';
import type { ModuleName } from '../readers/modules.ts';

/** Looks at one concern. `causedBy` may name findings of other checks; those that were not made are taken out later. */
export type Check = (report: HostReport) => Finding[];

type Parts = Pick<Finding, 'id' | 'severity' | 'title' | 'explanation'> &
  Partial<Pick<Finding, 'next' | 'causedBy' | 'fix'>> & { evidence?: readonly (Evidence | null)[] };

export function finding({ evidence = [], next = [], causedBy = [], fix = null, ...rest }: Parts): Finding {
  return { ...rest, evidence: evidence.filter((item) => item !== null), next, causedBy, fix };
}

/** One piece of evidence; null, which is left out, when there is nothing to show. */
export function seen(source: string, value: string | number | null | undefined): Evidence | null {
  return value == null ? null : { source, value: String(value) };
}

export function deviceOf(report: HostReport, path: string): DeviceNode | undefined {
  return report.devices.find((device) => device.path === path);
}

/** "root:kvm 0660, opening it: EACCES" */
export function deviceEvidence(report: HostReport, path: string): Evidence | null {
  const device = deviceOf(report, path);
  if (device === undefined || !device.exists) return seen(path, 'does not exist');
  const opened = device.usable ? 'can be opened' : `cannot be opened (${device.errorCode})`;
  return seen(path, `${opened}; group ${device.group}, mode ${device.mode}`);
}

export function moduleIs(report: HostReport, name: ModuleName): HostReport['modules'][number]['state'] {
  return report.modules.find((module) => module.name === name)?.state ?? null;
}

/** It works now: loaded, or part of the kernel. */
export function moduleRuns(report: HostReport, name: ModuleName): boolean {
  const state = moduleIs(report, name);
  return state === 'loaded' || state === 'built-in';
}

export function moduleEvidence(report: HostReport, name: ModuleName): Evidence | null {
  const state = moduleIs(report, name);
  return seen(`kernel module ${name}`, state ?? 'not loaded; this system shows no list of its modules');
}

/** The verdict about guests that are made for this PC's own processor; undefined without a VMM for them. */
export function ownVerdict(report: HostReport): AcceleratorVerdict | undefined {
  return report.accelerators.find(({ architecture }) => architecture === report.cpu.architecture);
}

/** Findings that say why there is no KVM: each of them may be the cause of another one. */
export const kvmCauses: readonly FindingId[] = [
  'architecture-unsupported',
  'inside-vm',
  'inside-container',
  'no-virtualization',
  'virtualization-off-in-firmware',
  'xen-host',
  'other-hypervisor',
  'kvm-module-missing',
  'kvm-module-not-loaded',
  'kvm-device-missing',
  'kvm-session-old',
  'kvm-no-group',
  'kvm-device-mode',
  'kvm-broken',
];

export const installCommand = (report: HostReport, tool: string): string | null =>
  report.tools.find(({ name }) => name === tool)?.install ?? null;
