// SPDX-License-Identifier: Apache-2.0
import { unknownGuest, type GuestFacts } from '../catalog/profile/guest-facts.ts';
import type { ProfileOptions } from '../catalog/profile/choice.ts';
import { profileFor, type Profile } from '../catalog/profile/profile.ts';
import type { Architecture, Boot, MachineDraft } from '../contract/machine.ts';
import { openGuestBytes } from '../disk/guest-bytes.ts';
import { espType, readPartitionTable } from '../disk/partitions.ts';
import type { Medium } from './medium.ts';

/** Where a machine that is made from a medium has its own disk. */
export const systemDisk = 'disks/system.qcow2';

/**
 * The definition that suits a medium. The caller's wishes win over it, key by key.
 * @param guest what the medium was recognised as
 */
export async function draftFromMedium(
  medium: Medium,
  architecture: Architecture,
  guest: GuestFacts = unknownGuest(),
  options: ProfileOptions = {},
): Promise<MachineDraft> {
  const profile = profileFor(guest, architecture, options);
  switch (medium.use) {
    case 'install':
      return installed(medium, architecture, profile);
    case 'copy-disk':
      // How its copy is booted is seen when it is there: see `bootOf`.
      return {
        ...profile.draft,
        boot: { type: 'uefi' },
        disks: [{ file: systemDisk, format: 'qcow2', size: medium.diskSize, ...busOf(profile) }],
      };
    case 'use-disk': {
      const { file, format } = medium;
      const boot = await bootOf(file, format, architecture);
      return { ...profile.draft, boot, disks: [{ file, format, ...busOf(profile) }] };
    }
  }
}

function installed(
  medium: Extract<Medium, { use: 'install' }>,
  architecture: Architecture,
  { draft, diskBus, driveBus, drives }: Profile,
): MachineDraft {
  // SATA is what a drive has anyway.
  const bus = architecture === 'x86_64' ? {} : { bus: driveBus };
  return {
    ...draft,
    disks: [{ file: systemDisk, format: 'qcow2', size: medium.diskSize, bus: diskBus, bootIndex: 0 }],
    removable: [
      { type: 'cdrom', file: medium.file, ...bus, detach: 'after-install', bootIndex: 1 },
      ...drives,
    ],
  };
}

function busOf({ diskBus }: Profile): { bus?: Profile['diskBus'] } {
  return diskBus === 'virtio' ? {} : { bus: diskBus };
}

/** The firmware that a disk was installed for: UEFI when it has a place for its programs. */
export async function bootOf(
  file: string,
  format: 'qcow2' | 'raw',
  architecture: Architecture,
): Promise<Boot> {
  const uefi: Boot = { type: 'uefi', secureBoot: false };
  // Only x86 PCs had another firmware.
  if (architecture !== 'x86_64') return uefi;
  await using disk = await openGuestBytes(file, format);
  if (disk === null) return uefi;
  const { kind, partitions } = await readPartitionTable(disk.read);
  const place = kind === 'gpt' ? espType : 'ef';
  return partitions.some(({ type }) => type === place) ? uefi : { type: 'bios' };
}
