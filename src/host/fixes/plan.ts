// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { fixIds, type FixId } from '../../contract/doctor.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { FixPlan } from '../../contract/fix.ts';
import { unifiedDiff } from './diff.ts';
import { refused, type Draft, type Pc } from './draft.ts';
import { iommuKernelArgument } from './iommu-kernel-argument.ts';
import { kvmGroup } from './kvm-group.ts';
import { kvmModule } from './kvm-module.ts';
import { kvmUdev } from './kvm-udev.ts';
import { memlockLimit } from './memlock-limit.ts';
import { nestedKvm } from './nested-kvm.ts';
import { belongsToImage, isPhyllomeOs } from './phyllome-os.ts';
import { vhostModules } from './vhost-modules.ts';

interface Fix {
  title: string;
  why: string;
  draft: (pc: Pc) => Draft;
}

/** Everything that may ever be changed on a PC for the sake of guests. */
const fixes: Record<FixId, Fix> = {
  'kvm-group': {
    title: 'Join the group that may use KVM',
    why: 'Without /dev/kvm guests are emulated: everything works, but five to fifty times slower.',
    draft: kvmGroup,
  },
  'kvm-module': {
    title: 'Load the kernel module of KVM',
    why: 'Without it there is no /dev/kvm, and guests are emulated: five to fifty times slower.',
    draft: kvmModule,
  },
  'kvm-udev': {
    title: 'Give /dev/kvm to the group kvm',
    why: 'As it is, only root could run guests at full speed, and Phyllome never runs them as root.',
    draft: kvmUdev,
  },
  'vhost-modules': {
    title: 'Load the kernel modules for quick networks and vsock',
    why: 'vhost_net carries the packets of guests in the kernel; vhost_vsock lets host and guest talk without a network.',
    draft: vhostModules,
  },
  'iommu-kernel-argument': {
    title: 'Switch the IOMMU on at the start of the kernel',
    why: 'Only with an IOMMU can a guest have a real device, such as a graphics card, without reaching the memory of others.',
    draft: iommuKernelArgument,
  },
  'memlock-limit': {
    title: 'Allow guests with real devices to lock their memory',
    why: 'A real device writes to the memory of its guest at any time, so that memory must stay where it is.',
    draft: memlockLimit,
  },
  'nested-kvm': {
    title: 'Let guests run guests',
    why: 'WSL 2, Docker Desktop, Android emulators and the security of Windows 11 need virtualization inside a guest.',
    draft: nestedKvm,
  },
};

/**
 * What a fix would do on this PC now. Reads and changes nothing; the same for root as for anybody. Where all is as it should
 * be the plan is empty, where we should not touch it it says why.
 */
export function planFix(id: FixId, pc: Pc): FixPlan {
  const { title, why } = fixes[id];
  const draft = draftOf(id, pc);
  const plan = {
    next: '',
    files: [],
    commands: [],
    notes: [],
    needsReboot: false,
    needsLogin: false,
    ...draft,
    id,
    title,
    why,
    user: pc.user,
  };
  const { files, commands, user } = plan;
  return {
    ...plan,
    diff: unifiedDiff([...files, ...commands.flatMap(({ expected }) => expected)]),
    digest: createHash('sha256').update(JSON.stringify({ id, user, files, commands })).digest('hex'),
  };
}

export function planFixes(pc: Pc): FixPlan[] {
  return fixIds.map((id) => planFix(id, pc));
}

/** @throws PhyllomeError `fix-not-found` */
export function checkFixId(id: string): FixId {
  const found = fixIds.find((known) => known === id);
  if (found === undefined) throw new PhyllomeError('fix-not-found', { id, known: fixIds });
  return found;
}

function draftOf(id: FixId, pc: Pc): Draft {
  try {
    const draft = fixes[id].draft(pc);
    return draft.state === 'applicable' && isPhyllomeOs(pc.tree) ? belongsToImage(id) : draft;
  } catch (error) {
    if (!(error instanceof PhyllomeError) || error.code !== 'fix-refused') throw error;
    return refused(String(error.facts['reason']), String(error.facts['next']));
  }
}
