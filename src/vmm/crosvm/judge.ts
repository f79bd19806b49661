// SPDX-License-Identifier: Apache-2.0
import type { MachineDefinition, Share } from '../../contract/machine.ts';
import { judgeAbilities } from '../abilities.ts';
import type { Reason, Verdict } from '../driver.ts';
import { judgeHost } from '../lean.ts';
import { abilitiesOf, canShare } from './abilities.ts';
import { commandLineProblem, sharedDirectory } from './arguments.ts';
import { hasOption, type CrosvmReport } from './report.ts';

// Its interrupt controllers have 8 bits for a processor's number, and the highest one is taken (x86_64/src/lib.rs).
const mostVcpusX86 = 254;

/** Can crosvm run this machine here? Pure. */
export function judge(definition: MachineDefinition, report: CrosvmReport): Verdict {
  const { refusals, losses } = judgeAbilities('crosvm', definition, abilitiesOf(report));
  return {
    refusals: [
      ...judgeHost(definition, report),
      ...refusals,
      ...judgeProcessors(definition),
      ...judgeCommandLine(definition),
    ],
    losses: [...losses, ...judgeNics(definition), ...judgeShares(definition, report)],
  };
}

function judgeProcessors({ architecture, cpu }: MachineDefinition): Reason[] {
  if (architecture !== 'x86_64' || cpu.vcpus <= mostVcpusX86) return [];
  const text = `crosvm has at most ${mostVcpusX86} processors, and the machine wants ${cpu.vcpus}.`;
  return [{ code: 'too-many-vcpus', text, hint: 'Set cpu.vcpus lower, or run it with QEMU.' }];
}

function judgeCommandLine({ boot }: MachineDefinition): Reason[] {
  if (boot.type !== 'kernel' && boot.type !== 'guest-kernel') return [];
  const problem = commandLineProblem(boot.commandLine ?? '');
  if (problem === null) return [];
  const text = `crosvm does not take the command line of the kernel: ${problem}.`;
  return [{ code: 'command-line', text, hint: 'Change boot.commandLine, or run it with QEMU.' }];
}

function judgeNics({ nics }: MachineDefinition): Reason[] {
  const losses: Reason[] = [];
  if (nics.some((nic) => nic.type === 'user' && nic.mac !== undefined))
    losses.push({
      code: 'no-mac',
      text: 'The network card gets an Ethernet address that the guest makes up: passt cannot tell crosvm one.',
      hint: 'Recognise the card by its place instead, as Linux does by itself (enp0s...).',
    });
  if (nics.some(({ type, model }) => type !== 'none' && model !== 'virtio'))
    losses.push({
      code: 'no-nic-model',
      text: 'The network cards become virtio cards; crosvm has no others.',
      hint: 'Linux has the driver for them. Set the model to virtio to see no such message.',
    });
  if (nics.some(({ type }) => type === 'none'))
    losses.push({
      code: 'no-loose-nic',
      text: 'Network cards of type none are left out: crosvm has no card without a network.',
      hint: 'Nothing to do, unless software in the guest looks for the card.',
    });
  return losses;
}

function judgeShares({ shares }: MachineDefinition, report: CrosvmReport): Reason[] {
  if (!hasOption(report, '--shared-dir') || !canShare(report)) return [];
  return shares.map(problemOf).filter((problem) => problem !== null);
}

function problemOf({ path, tag, readOnly }: Share): Reason | null {
  const without = `so the machine runs without its shared folder ${tag}.`;
  // Better not shared than open to be written.
  if (readOnly)
    return {
      code: 'share-read-only',
      text: `crosvm cannot share a folder read-only, ${without}`,
      hint: 'Allow the guest to write (readOnly: false), or run it with QEMU.',
    };
  if (sharedDirectory(path, tag) === null)
    return {
      code: 'share-path',
      text: `crosvm cannot share ${path}, which has a colon in it or does not begin with "/", ${without}`,
      hint: 'Name the folder by its whole path; where that has a colon, by a link to it that has none.',
    };
  return null;
}

/** The shares that crosvm can give the machine here. */
export function usableShares({ shares }: MachineDefinition, report: CrosvmReport): Share[] {
  if (!hasOption(report, '--shared-dir') || !canShare(report)) return [];
  return shares.filter((share) => problemOf(share) === null);
}
