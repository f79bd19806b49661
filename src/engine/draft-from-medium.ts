// SPDX-License-Identifier: Apache-2.0
import type { Architecture, Boot, MachineDraft } from '../contract/machine.ts';
import { openGuestBytes } from '../disk/guest-bytes.ts';
import { readIsoLabel } from '../disk/iso-label.ts';
import { espType, readPartitionTable } from '../disk/partitions.ts';
import type { Medium } from './medium.ts';

/** Where a machine that is made from a medium has its own disk. */
export const systemDisk = 'disks/system.qcow2';

/** The definition that suits a medium whose guest is not known. The caller's wishes win over it, key by key. */
export async function draftFromMedium(medium: Medium, architecture: Architecture): Promise<MachineDraft> {
  switch (medium.use) {
    case 'install': {
      const windows = isWindows((await readIsoLabel(medium.file)).publisher);
      const parts = partsFor(architecture);
      return {
        ...common(windows),
        boot: { type: 'uefi', secureBoot: windows },
        ...(windows && { guestOs: 'win', tpm: 'emulated' }),
        disks: [
          {
            file: systemDisk,
            format: 'qcow2',
            size: medium.diskSize,
            bus: windows ? parts.windowsDisk : 'virtio',
            bootIndex: 0,
          },
        ],
        removable: [
          { type: 'cdrom', file: medium.file, ...parts.drive, detach: 'after-install', bootIndex: 1 },
        ],
      };
    }
    case 'copy-disk':
      // How its copy is booted is seen when it is there: see `bootOf`.
      return {
        ...common(false),
        boot: { type: 'uefi' },
        disks: [{ file: systemDisk, format: 'qcow2', size: medium.diskSize }],
      };
    case 'use-disk': {
      const { file, format } = medium;
      const boot = await bootOf(file, format, architecture);
      return { ...common(false), boot, disks: [{ file, format }] };
    }
  }
}

// Windows brings drivers for these parts only, and its present version insists on Secure Boot and a TPM. Everything
// else of today knows virtio.
function common(windows: boolean): MachineDraft {
  return { nics: [{ type: 'user', model: windows ? 'e1000e' : 'virtio' }], sound: 'hda', input: 'usb' };
}

/** Where an installer finds disk and medium, and the firmware too: only that of PCs has a driver for SATA. */
function partsFor(architecture: Architecture): { windowsDisk: 'sata' | 'nvme'; drive: { bus?: 'usb' } } {
  return architecture === 'x86_64'
    ? { windowsDisk: 'sata', drive: {} }
    : { windowsDisk: 'nvme', drive: { bus: 'usb' } };
}

/** Media of Windows have no label that stays, but always the same publisher (as osinfo-db knows them, too). */
function isWindows(publisher: string): boolean {
  return publisher.toUpperCase().startsWith('MICROSOFT CORPORATION');
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
