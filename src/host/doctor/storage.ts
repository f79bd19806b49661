// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../../contract/doctor.ts';
import type { StorageReport } from '../../contract/host.ts';
import { finding, seen, type Check } from './finding.ts';
import { gibibytes } from './size.ts';

const GiB = 2 ** 30;
// Below this nothing can be made or grow; below the other a desktop does not fit (Debian asks for 10 GB, Windows 11 64).
const fullBytes = 2 * GiB;
const smallBytes = 20 * GiB;

/** Judges the folder with the machines: the others hold nothing that could be lost. */
export const checkStorage: Check = (report) => {
  const storage = report.storage.find(({ purpose }) => purpose === 'machines');
  if (storage === undefined) return [];
  return [...room(storage), ...medium(storage), ...filesystem(storage)];
};

const where = (storage: StorageReport) => [
  seen('folder of the machines', storage.path),
  seen('/proc/self/mountinfo', `${storage.filesystem} at ${storage.mountPoint}`),
];

function room(storage: StorageReport): Finding[] {
  const { freeBytes, totalBytes, readOnly } = storage;
  if (readOnly === true) {
    return [
      finding({
        id: 'disk-read-only',
        severity: 'problem',
        title: 'The folder of the machines can only be read.',
        explanation:
          'Nothing can be made or changed there. A file system also becomes read-only when its disk fails.',
        evidence: where(storage),
        next: [
          'sudo dmesg | grep -i -e error -e remount shows whether the disk failed: then save your data first.',
        ],
      }),
    ];
  }
  // That they are in memory says it all.
  if (storage.kind === 'memory' || freeBytes === null || freeBytes >= smallBytes) return [];
  const full = freeBytes < fullBytes;
  return [
    finding({
      id: full ? 'disk-full' : 'disk-small',
      severity: full ? 'problem' : 'warning',
      title: `${full ? 'The disk is full' : 'There is little room'}: ${gibibytes(freeBytes)} free for machines.`,
      explanation: full
        ? 'Running guests are paused when their disks can no longer grow, and nothing new can be made.'
        : 'A Linux desktop takes 10 GiB and more, Windows 11 asks for 64 GiB. Disks grow as guests write to them.',
      evidence: [
        ...where(storage),
        seen(
          'statfs',
          `${gibibytes(freeBytes)} of ${totalBytes === null ? 'unknown' : gibibytes(totalBytes)} free`,
        ),
      ],
      next: [
        'Empty the bin: "phyllome list --bin" shows what is in it.',
        'Or put the data folder on a larger disk: set XDG_DATA_HOME, or mount a disk there.',
      ],
    }),
  ];
}

function medium(storage: StorageReport): Finding[] {
  const disk = seen(
    `/sys/class/block/${storage.device}`,
    storage.device === null ? null : (storage.model ?? storage.kind),
  );
  switch (storage.kind) {
    case 'hdd':
      return [
        finding({
          id: 'disk-slow',
          severity: 'warning',
          title: 'The machines are on a hard disk.',
          explanation:
            'Guests read and write all over the disk, some hundred times a second at best. They start in minutes rather than seconds, and two at once are painful.',
          evidence: [
            ...where(storage),
            disk,
            seen(`/sys/class/block/${storage.device}/queue/rotational`, '1'),
          ],
          next: ['Put the data folder on an SSD; an old PC also takes one with SATA.'],
        }),
      ];
    case 'mmc':
      return [
        finding({
          id: 'disk-slow',
          severity: 'advice',
          title: 'The machines are on a memory card or eMMC.',
          explanation: 'It is slower than an SSD, and memory cards wear out by what guests write.',
          evidence: [...where(storage), disk],
          next: ['Put the data folder on an SSD (USB 3 is enough).'],
        }),
      ];
    case 'memory':
      return [
        finding({
          id: 'disk-in-memory',
          severity: 'problem',
          title: 'The machines are in memory: they are gone when the PC is switched off.',
          explanation: `The folder lies on ${storage.filesystem}, which is no disk, and takes memory away from guests.`,
          evidence: where(storage),
          next: ['Set XDG_DATA_HOME to a folder on a disk.'],
        }),
      ];
    case 'network':
      return [
        finding({
          id: 'disk-over-network',
          severity: 'warning',
          title: 'The machines are on another computer.',
          explanation:
            'Guests stand still when the network does, and locks that keep two PCs from one disk do not work everywhere.',
          evidence: where(storage),
          next: ['Keep machines on a disk of this PC, and use the network for copies.'],
        }),
      ];
    case 'nvme':
    case 'ssd':
    case 'virtual':
    case null:
      return [];
  }
}

const unfit = /^(?:vfat|msdos|exfat|ntfs3?|fuseblk|hfsplus)$/;

function filesystem(storage: StorageReport): Finding[] {
  if (storage.filesystem !== null && unfit.test(storage.filesystem)) {
    const fat = storage.filesystem === 'vfat' || storage.filesystem === 'msdos';
    return [
      finding({
        id: 'filesystem-unfit',
        severity: fat ? 'problem' : 'warning',
        title: `The file system (${storage.filesystem}) is not made for machines.`,
        explanation: fat
          ? 'FAT holds no file larger than 4 GiB, no owners and no sparse files: disks of guests do not fit.'
          : 'It has no owners or permissions of Linux, often no sparse files, and may be damaged by a power cut.',
        evidence: where(storage),
        next: ['Use ext4, btrfs or xfs for the folder of the machines.'],
      }),
    ];
  }
  if (storage.reflink !== false || storage.kind === 'memory' || storage.kind === 'network') return [];
  return [
    finding({
      id: 'copies-cost-space',
      severity: 'advice',
      title: 'Copies of disks take time and space here.',
      explanation: `${storage.filesystem ?? 'The file system'} cannot let two files share their blocks. On btrfs and xfs a copy of a disk is there at once and takes no room.`,
      evidence: where(storage),
      next: ['When you set up a disk for machines the next time, choose btrfs or xfs.'],
    }),
  ];
}
