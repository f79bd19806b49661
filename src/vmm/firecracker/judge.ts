// SPDX-License-Identifier: Apache-2.0
import type { MachineDefinition } from '../../contract/machine.ts';
import { canForward } from '../../host/pasta-command.ts';
import { judgeAbilities } from '../abilities.ts';
import type { Reason, Verdict } from '../driver.ts';
import { judgeHost } from '../lean.ts';
import { abilitiesOf } from './abilities.ts';
import type { FirecrackerReport } from './report.ts';

// MAX_SUPPORTED_VCPUS, and the length of its command line, its own words and a final NUL included.
const mostVcpus = 32;
const longestCommandLine = 2048;
// What it adds for its own devices.
const ownWords = 128;

/** What the kernel is told unless the definition says otherwise: it stands first, and the last word wins. */
const baseline = 'console=ttyS0 reboot=k panic=1';

export function bootArguments({ boot }: Pick<MachineDefinition, 'boot'>): string {
  const own = boot.type === 'kernel' || boot.type === 'guest-kernel' ? (boot.commandLine ?? '') : '';
  return own === '' ? baseline : `${baseline} ${own}`;
}

/** Can this Firecracker run the machine, and what would be missing? */
export function judge(definition: MachineDefinition, report: FirecrackerReport): Verdict {
  const { refusals, losses } = judgeAbilities('firecracker', definition, abilitiesOf(report));
  return {
    refusals: [
      ...judgeHost(definition, report),
      ...refusals,
      ...judgeProcessors(definition),
      ...judgeNetworks(definition),
      ...judgeCommandLine(definition),
    ],
    losses: [
      ...losses.filter(({ code }) => code !== 'partly-port-forwards' || losesForward(definition, report)),
      ...judgeNics(definition),
      ...judgeDisks(definition),
    ],
  };
}

function judgeProcessors({ cpu }: MachineDefinition): Reason[] {
  const reasons: Reason[] = [];
  const threads = cpu.topology?.threads ?? 1;
  if (cpu.vcpus > mostVcpus)
    reasons.push({
      code: 'too-many-vcpus',
      text: `The machine has ${cpu.vcpus} processors; firecracker gives at most ${mostVcpus}.`,
      hint: `Set cpu.vcpus to ${mostVcpus} or less.`,
    });
  // With two, it wants an even number of processors, which a definition with two has.
  if (threads > 2)
    reasons.push({
      code: 'too-many-threads',
      text: 'firecracker knows cores of one or two threads.',
      hint: 'Take cpu.topology out of the definition.',
    });
  return reasons;
}

function judgeNetworks({ nics }: MachineDefinition): Reason[] {
  if (nics.filter(({ type }) => type === 'user').length <= 1) return [];
  return [
    {
      code: 'one-user-network',
      text: 'Each card of type user is a network namespace of its own, and firecracker can be in one only.',
      hint: 'Keep one card of type user, or run it with QEMU.',
    },
  ];
}

function judgeCommandLine(definition: MachineDefinition): Reason[] {
  const most = longestCommandLine - ownWords;
  if (bootArguments(definition).length <= most) return [];
  const text = `The command line of the kernel is longer than the ${most} characters that firecracker has room for.`;
  return [{ code: 'command-line-too-long', text, hint: 'Shorten boot.commandLine.' }];
}

function losesForward({ nics }: MachineDefinition, { pasta }: FirecrackerReport): boolean {
  return nics.some(
    (nic) => nic.type === 'user' && pasta.available && nic.forwards.some((one) => !canForward(pasta, one)),
  );
}

function judgeNics({ nics }: MachineDefinition): Reason[] {
  const reasons: Reason[] = [];
  if (nics.some(({ type }) => type === 'none'))
    reasons.push({
      code: 'nic-left-out',
      text: 'firecracker has no network card without a cable; the guest does not see it at all.',
      hint: 'Set the type of the card to user, or take it out.',
    });
  if (nics.some(({ model }) => model !== 'virtio'))
    reasons.push({
      code: 'nic-model',
      text: 'firecracker has virtio network cards only, so e1000e becomes virtio.',
      hint: 'Linux has the driver.',
    });
  return reasons;
}

function judgeDisks({ disks }: MachineDefinition): Reason[] {
  const reasons: Reason[] = [];
  if (disks.some(({ cache }) => cache === 'none' || cache === 'writethrough'))
    reasons.push({
      code: 'disk-cache',
      text: 'firecracker knows no cache mode none or writethrough: what the guest flushes is on the disk then (writeback).',
      hint: 'Set cache to writeback.',
    });
  if (disks.some(({ serial }) => serial !== undefined))
    reasons.push({
      code: 'disk-serial',
      text: 'firecracker gives disks serial numbers of its own, so /dev/disk/by-id has other names.',
      hint: 'Mount by UUID or label.',
    });
  return reasons;
}
