// SPDX-License-Identifier: Apache-2.0
//
// /dev/kvm is there, and we may not open it. Why?
import type { Finding } from '../../contract/doctor.ts';
import type { HostReport } from '../../contract/host.ts';
import { deviceEvidence, deviceOf, finding, seen } from './finding.ts';
import { inContainerFinding } from './kvm-absent.ts';

export function closedKvm(report: HostReport): Finding {
  const { group = null, mode = null, errorCode = null } = deviceOf(report, '/dev/kvm') ?? {};
  const { user, groups, groupsOnPaper } = report.session;
  const who = user ?? 'this user';
  const groupMayUse = (Number.parseInt(mode ?? '0', 8) & 0o060) === 0o060;
  // Containers forbid devices with EPERM, whatever their mode; EBUSY and the like are no question of permission.
  if (errorCode === 'EPERM' && report.virtualised.container !== null)
    return inContainerFinding(report, 'The container may not open /dev/kvm.');
  const base = {
    severity: 'problem',
    evidence: [deviceEvidence(report, '/dev/kvm'), memberships(report)],
  } as const;
  if (group === null || group === 'root' || !groupMayUse || groups.includes(group)) {
    return finding({
      ...base,
      id: 'kvm-device-mode',
      title: 'Nobody but root may open /dev/kvm.',
      explanation:
        'On other systems it belongs to the group kvm, or to everybody (mode 0666). A udev rule gives it to the group.',
      next: [
        `Until the next start: sudo setfacl -m u:${who}:rw /dev/kvm`,
        'For good: a udev rule with KERNEL=="kvm", GROUP="kvm", MODE="0660", and membership in the group kvm.',
      ],
      fix: groups.includes(group ?? '') ? null : 'kvm-udev',
    });
  }
  if (groupsOnPaper.includes(group)) {
    return finding({
      ...base,
      id: 'kvm-session-old',
      title: `You joined the group ${group} after this session began.`,
      explanation: 'Groups are given at login. The service still runs with the old ones.',
      next: [
        'Log out and in again; where a user session lingers (systemd), restart the PC.',
        'Then: phyllome down, and any other command starts the service anew.',
      ],
    });
  }
  return finding({
    ...base,
    id: 'kvm-no-group',
    title: `${user ?? 'The user of the service'} is not in the group ${group}, which owns /dev/kvm.`,
    explanation: 'KVM works for members of the group only.',
    next: [`sudo usermod -aG ${group} ${user ?? '$USER'}`, 'Log out and in again.'],
    fix: 'kvm-group',
  });
}

function memberships({ session }: HostReport) {
  const paper = session.groupsOnPaper.join(', ') || 'none';
  return seen('groups', `of this session: ${session.groups.join(', ') || 'none'}; in /etc/group: ${paper}`);
}
