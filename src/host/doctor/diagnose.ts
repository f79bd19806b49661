// SPDX-License-Identifier: Apache-2.0
import { findingIds, type DoctorReport, type Finding, type Severity } from '../../contract/doctor.ts';
import type { HostReport } from '../../contract/host.ts';
import { finding, seen, type Check } from './finding.ts';
import { checkGraphics } from './graphics.ts';
import { checkKvm } from './kvm.ts';
import { checkNetwork } from './network.ts';
import { checkPassthrough } from './passthrough.ts';
import { onPhyllomeOs } from './phyllome-os.ts';
import { checkPrograms } from './programs.ts';
import { checkSize } from './size.ts';
import { checkStorage } from './storage.ts';
import { judgeTiers } from './tiers.ts';

const checkOrder: Check = ({ limits }) => {
  if (limits.cgroup !== 'v1' && limits.cgroup !== 'hybrid') return [];
  return [
    finding({
      id: 'cgroup-old',
      severity: 'advice',
      title: 'The system uses the old control groups (cgroup v1).',
      explanation:
        'An ordinary user cannot limit processes with them, so limits of machines are kept by counting only.',
      evidence: [
        seen('/proc/self/mountinfo', limits.cgroup === 'v1' ? 'cgroup' : 'cgroup and cgroup2 side by side'),
      ],
      next: [
        'With systemd: take systemd.unified_cgroup_hierarchy=0 out of the kernel arguments, or update the distribution.',
      ],
    }),
  ];
};

const checks: readonly Check[] = [
  checkKvm,
  checkPrograms,
  checkSize,
  checkStorage,
  checkPassthrough,
  checkGraphics,
  checkNetwork,
  checkOrder,
];

/** What is wrong, what could be better and what is right with this PC. Pure: all it knows is the report. */
export function diagnose(report: HostReport): DoctorReport {
  const found = checks.flatMap((check) => check(report));
  const ids = new Set(found.map(({ id }) => id));
  const fitting = report.os.image === 'phyllome' ? found.map(onPhyllomeOs) : found;
  const linked = fitting.map((each) => ({
    ...each,
    causedBy: each.causedBy.filter((id) => ids.has(id) && id !== each.id),
  }));
  return { findings: linked.toSorted(byWeight), tiers: judgeTiers(report), notes: report.notes };
}

const weights: Readonly<Record<Severity, number>> = { problem: 0, warning: 1, advice: 2, good: 3 };

// Worst first; of the same weight causes before what they cause, which is the order of the list of ids.
function byWeight(a: Finding, b: Finding): number {
  return weights[a.severity] - weights[b.severity] || findingIds.indexOf(a.id) - findingIds.indexOf(b.id);
}
