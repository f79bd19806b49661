// SPDX-License-Identifier: Apache-2.0

export interface GrownDisk {
  bus: string;
  guestOs: string;
  /** It was grown while the guest runs */
  running: boolean;
}

/** What is left to do in the guest after its disk has grown: first to see it, then to use it. */
export function growSteps({ bus, guestOs, running }: GrownDisk): string[] {
  const windows = guestOs.startsWith('win');
  const look = running ? lookAgain(bus, windows) : [];
  return windows ? [...look, ...windowsSteps] : [...look, ...linuxSteps];
}

/** Not every bus tells a guest that a disk has grown. */
function lookAgain(bus: string, windows: boolean): string[] {
  if (bus === 'virtio' || bus === 'nvme') return [];
  if (bus === 'scsi')
    return windows
      ? ['Disk Management: Action, Rescan Disks.']
      : ['Let it look again: echo 1 | sudo tee /sys/class/block/sdX/device/rescan'];
  return [`A disk on the bus ${bus} shows its new size after the guest was restarted.`];
}

const windowsSteps = [
  'Disk Management: right-click the last volume of the disk, Extend Volume.',
  'If a recovery partition lies behind it, that has to be moved or removed first.',
];

const linuxSteps = [
  'Find the partition: lsblk',
  'Make the last partition larger: sudo growpart /dev/vda 1   (package cloud-guest-utils or cloud-utils-growpart)',
  'Then its file system: sudo resize2fs /dev/vda1 for ext4; sudo xfs_growfs / for xfs; sudo btrfs filesystem resize max / for btrfs.',
  'With LVM in between: sudo pvresize /dev/vda1, then sudo lvextend --extents +100%FREE --resizefs VOLUME.',
];
