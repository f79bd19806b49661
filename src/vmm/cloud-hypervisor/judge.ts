// SPDX-License-Identifier: Apache-2.0
import type { MachineDefinition } from '../../contract/machine.ts';
import { judgeAbilities } from '../abilities.ts';
import type { Reason, Verdict } from '../driver.ts';
import { isWindows } from '../guest-os.ts';
import { judgeHost } from '../lean.ts';
import { atLeast } from '../version.ts';
import { shareProblem } from '../virtiofsd.ts';
import { abilitiesOf } from './abilities.ts';
import type { CloudHypervisorReport } from './report.ts';

// Of x86 (its error CpuTopologyThreadsPerCore). How many processors there may be, KVM of the PC decides.
const mostThreadsPerCore = 2;

/** Can this Cloud Hypervisor run the machine, and what would be missing? */
export function judge(definition: MachineDefinition, report: CloudHypervisorReport): Verdict {
  const { refusals, losses } = judgeAbilities('cloud-hypervisor', definition, abilitiesOf(report));
  return {
    refusals: [
      ...judgeHost(definition, report),
      ...refusals.map((reason) => withInstallHint(reason, report)),
      ...judgeWindows(definition),
      ...judgeTopology(definition),
    ],
    losses: [
      ...losses,
      ...judgeTpm(definition, report),
      ...judgeShares(definition, report),
      ...judgeNics(definition),
      ...judgeDisks(definition),
      ...judgeOrder(definition),
    ],
  };
}

/** What can be installed is better installed than gone without. */
function withInstallHint(reason: Reason, { firmware, tools }: CloudHypervisorReport): Reason {
  const install: Record<string, string> = { 'no-uefi': firmware.install, 'no-tpm': tools.swtpm.install };
  const how = install[reason.code];
  if (how === undefined || how === '') return reason;
  return { ...reason, hint: `Install it: ${how}. Or: ${reason.hint}` };
}

function judgeWindows(definition: MachineDefinition): Reason[] {
  if (!isWindows(definition)) return [];
  const reasons: Reason[] = [];
  if (definition.boot.type !== 'uefi')
    reasons.push({
      code: 'windows-needs-uefi',
      text: 'Windows on cloud-hypervisor starts by UEFI only.',
      hint: 'Install Windows for UEFI; QEMU can run what is installed for a BIOS.',
    });
  if (definition.disks.some(({ format }) => format !== 'raw'))
    reasons.push({
      code: 'windows-needs-raw',
      text: 'The makers of cloud-hypervisor run Windows from raw disks only.',
      hint: '"phyllome switch" converts the disks.',
    });
  return reasons;
}

function judgeTopology({ cpu: { topology } }: MachineDefinition): Reason[] {
  if (topology === undefined || topology.threads <= mostThreadsPerCore) return [];
  const text = `A core with ${topology.threads} threads is not possible with cloud-hypervisor; ${mostThreadsPerCore} are.`;
  return [{ code: 'too-many-threads', text, hint: 'Make more cores of fewer threads (cpu.topology).' }];
}

function judgeTpm({ tpm, guestOs }: MachineDefinition, { version }: CloudHypervisorReport): Reason[] {
  if (tpm !== 'emulated' || !isWindows({ guestOs }) || atLeast(version, '53.0')) return [];
  const text = `Windows may crash when it uses its TPM on cloud-hypervisor ${version}; 53.0 repairs that.`;
  return [{ code: 'tpm-windows', text, hint: 'Update cloud-hypervisor.' }];
}

function judgeShares({ shares }: MachineDefinition, report: CloudHypervisorReport): Reason[] {
  // Without any usable virtiofsd, the table of abilities has said so once for all shares.
  if (!report.virtiofsd.current) return [];
  return shares.flatMap((share) => shareProblem(share, report.tools.virtiofsd, report.virtiofsd) ?? []);
}

function judgeNics({ nics }: MachineDefinition): Reason[] {
  const reasons: Reason[] = [];
  if (nics.some(({ type }) => type === 'none'))
    reasons.push({
      code: 'nic-left-out',
      text: 'cloud-hypervisor has no network card without a cable; the guest does not see it at all.',
      hint: 'Set the type of the card to user, or take it out.',
    });
  if (nics.some(({ model }) => model !== 'virtio'))
    reasons.push({
      code: 'nic-model',
      text: 'cloud-hypervisor has virtio network cards only, so e1000e becomes virtio.',
      hint: 'Linux has the driver; Windows needs the virtio drivers.',
    });
  return reasons;
}

function judgeDisks({ disks }: MachineDefinition): Reason[] {
  if (!disks.some(({ cache }) => cache === 'writethrough' || cache === 'unsafe')) return [];
  const text =
    'cloud-hypervisor knows no cache mode writethrough or unsafe: what the guest flushes is on the disk then (writeback).';
  return [{ code: 'disk-cache', text, hint: 'Set cache to writeback or none.' }];
}

/** The firmware tries what it finds in the order of the bus: disks as they are defined, then media. */
function judgeOrder({ disks, removable, nics, boot }: MachineDefinition): Reason[] {
  if (boot.type !== 'uefi') return [];
  const wished = [...disks, ...removable].map(({ bootIndex }) => bootIndex ?? 100);
  const inOrder = wished.every((index, place) => place === 0 || (wished[place - 1] ?? 0) <= index);
  if (inOrder && nics.every(({ bootIndex }) => bootIndex === undefined)) return [];
  const text =
    'cloud-hypervisor has no boot order: the firmware tries the disks as they are defined, then media.';
  return [{ code: 'boot-order', text, hint: 'Put the disk to boot from first, or use QEMU.' }];
}

/** The shares that this PC can give the machine. */
export function usableShares(
  { shares }: MachineDefinition,
  report: CloudHypervisorReport,
): MachineDefinition['shares'] {
  return shares.filter((share) => shareProblem(share, report.tools.virtiofsd, report.virtiofsd) === null);
}
