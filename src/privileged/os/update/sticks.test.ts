// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { BlockNode } from '../disks/lsblk.ts';
import { stickFileSystems } from './sticks.ts';

const node = (more: Partial<BlockNode>): BlockNode =>
  ({
    type: 'part',
    rm: false,
    hotplug: false,
    tran: null,
    fstype: null,
    label: null,
    model: null,
    vendor: null,
    mountpoints: [null],
    ...more,
  }) as BlockNode;

test('sticks and discs are looked at, the disk that the system is on and those inside are not', () => {
  const usr = node({
    path: '/dev/sda2',
    parttype: '8484680c-9521-48c6-9c11-b0720656f69e',
    mountpoints: ['/usr'],
  });
  const esp = node({ path: '/dev/sda1', fstype: 'vfat' });
  const devices = [
    // The system itself may be on a stick.
    node({ path: '/dev/sda', type: 'disk', tran: 'usb', children: [esp, usr] }),
    node({
      path: '/dev/nvme0n1',
      type: 'disk',
      children: [node({ path: '/dev/nvme0n1p1', fstype: 'ext4' })],
    }),
    node({
      path: '/dev/sdb',
      type: 'disk',
      rm: true,
      vendor: 'SanDisk ',
      model: 'Ultra',
      children: [
        node({ path: '/dev/sdb1', fstype: 'vfat', label: 'UPDATES' }),
        // The kernel's rarer file systems are not shown to strangers.
        node({ path: '/dev/sdb2', fstype: 'hfsplus' }),
        node({ path: '/dev/sdb3', fstype: 'ext4', mountpoints: ['/media/ada'] }),
      ],
    }),
    node({ path: '/dev/sr0', type: 'rom', fstype: 'iso9660' }),
  ];
  expect(stickFileSystems(devices)).toEqual([
    { name: 'SanDisk Ultra (UPDATES)', path: '/dev/sdb1', type: 'vfat', mountpoint: null },
    { name: 'SanDisk Ultra', path: '/dev/sdb3', type: 'ext4', mountpoint: '/media/ada' },
    { name: '/dev/sr0', path: '/dev/sr0', type: 'iso9660', mountpoint: null },
  ]);
});
