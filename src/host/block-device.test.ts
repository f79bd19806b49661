// SPDX-License-Identifier: Apache-2.0
import { describe, expect, onTestFinished, test } from 'vitest';
import { readBlockDevice, listBlockDevices } from './block-device.ts';
import { recordedPc, unpack } from './recorded-pc.ts';
import { openTree, type Tree } from './tree.ts';

/** Two SATA disks, a stick, an NVMe disk; what this PC does with them comes with `more`. */
function pc(more = ''): Tree {
  const disk = (name: string, number: string, bus: string): string => `
sys/devices/${bus}/block/${name}/dev = ${number}
sys/devices/${bus}/block/${name}/size = 2097152
sys/devices/${bus}/block/${name}/ro = 0
sys/devices/${bus}/block/${name}/holders/
sys/class/block/${name} -> ../../devices/${bus}/block/${name}
dev/${name} = device
`;
  const partition = (disk: string, bus: string, index: number, number: string): string => `
sys/devices/${bus}/block/${disk}/${disk}${index}/dev = ${number}
sys/devices/${bus}/block/${disk}/${disk}${index}/partition = ${index}
sys/devices/${bus}/block/${disk}/${disk}${index}/size = 1048576
sys/devices/${bus}/block/${disk}/${disk}${index}/holders/
sys/class/block/${disk}${index} -> ../../devices/${bus}/block/${disk}/${disk}${index}
dev/${disk}${index} = device
`;
  const found = unpack(`${disk('sda', '8:0', 'ata1')}${partition('sda', 'ata1', 1, '8:1')}
sys/devices/ata1/block/sda/device/vendor = ATA
sys/devices/ata1/block/sda/device/model = Samsung SSD 870
sys/devices/ata1/block/sda/device/vpd_pg80 =hex 00 80 00 06 53 35 53 55 4e 47
${disk('sdb', '8:16', 'usb1')}${partition('sdb', 'usb1', 1, '8:17')}
sys/devices/usb1/block/sdb/device/vendor = SanDisk
sys/devices/usb1/block/sdb/device/model = Ultra Fit
run/udev/data/b8:16 = E:ID_SERIAL_SHORT=4C530001
dev/disk/by-id/wwn-0x5002 -> ../../sdb
dev/disk/by-id/usb-SanDisk_Ultra_Fit_4C530001-0:0 -> ../../sdb
${disk('nvme0n1', '259:0', 'pci1')}
sys/devices/pci1/block/nvme0n1/device/model = WD BLACK
sys/devices/pci1/block/nvme0n1/device/serial = 2138AB
${more}`);
  onTestFinished(() => found[Symbol.dispose]());
  return openTree(found.root);
}

const mounted = (...lines: string[]): string => `[proc/self/mountinfo]\n${lines.join('\n')}\n`;
const reasonOf = (tree: Tree, path: string): string | undefined => readBlockDevice(tree, path)?.reason;

describe('a device says what it is', () => {
  test('by the name that stays, with its serial number', () => {
    expect(readBlockDevice(pc(), '/dev/sdb')).toEqual({
      file: '/dev/disk/by-id/usb-SanDisk_Ultra_Fit_4C530001-0:0',
      name: 'sdb',
      model: 'SanDisk Ultra Fit',
      serial: '4C530001',
      identity: '4C530001',
      size: 2 ** 30,
      readOnly: false,
      uses: [],
      reason: '',
      next: '',
    });
  });

  test.each([
    ['/dev/sda', 'Samsung SSD 870', 'S5SUNG'],
    ['/dev/nvme0n1', 'WD BLACK', '2138AB'],
    ['/dev/disk/by-id/usb-SanDisk_Ultra_Fit_4C530001-0:0', 'SanDisk Ultra Fit', '4C530001'],
    ['/dev/sdb1', 'SanDisk Ultra Fit', '4C530001-part1'],
  ])('%s', (path, model, identity) => {
    expect(readBlockDevice(pc(), path)).toMatchObject({ model, identity });
  });

  test.each(['/dev/sdx', '/dev/null', '/dev', '/dev/', '/dev/../etc/passwd'])('%s is none', (path) => {
    expect(readBlockDevice(pc(), path)).toBeNull();
  });

  test('one without any name of its own cannot be known again', () => {
    const tree = pc(`
sys/devices/x/block/sdc/dev = 8:32
sys/devices/x/block/sdc/size = 8
sys/class/block/sdc -> ../../devices/x/block/sdc
`);
    expect(reasonOf(tree, '/dev/sdc')).toMatch(/neither a serial number nor a model/);
  });

  test('an empty card reader is left out of the list, and said', () => {
    const tree = pc(`
sys/devices/x/block/sdc/dev = 8:32
sys/devices/x/block/sdc/size = 0
sys/class/block/sdc -> ../../devices/x/block/sdc
sys/devices/virtual/block/zram0/size = 100
sys/class/block/zram0 -> ../../devices/virtual/block/zram0
`);
    expect(reasonOf(tree, '/dev/sdc')).toBe('it is empty');
    expect(listBlockDevices(tree).map(({ name }) => name)).toEqual(['nvme0n1', 'sda', 'sda1', 'sdb', 'sdb1']);
  });
});

describe('a device that this PC uses is refused', () => {
  test('mounted whole', () => {
    const tree = pc(mounted('36 1 8:16 / /media/stick rw - vfat /dev/sdb rw'));
    expect(reasonOf(tree, '/dev/sdb')).toContain('mounted at /media/stick');
    expect(reasonOf(tree, '/dev/sda')).toBe('');
  });

  test('by a partition, which refuses the disk too', () => {
    const tree = pc(mounted('36 1 8:1 / /media/my\\040disk rw - ext4 /dev/sda1 rw'));
    expect(reasonOf(tree, '/dev/sda')).toContain('mounted at /media/my disk');
    expect(reasonOf(tree, '/dev/sda1')).toContain('mounted at /media/my disk');
  });

  test('as swap', () => {
    const tree = pc('[proc/swaps]\nFilename Type Size Used Priority\n/dev/sda1 partition 8388604 0 -2\n');
    expect(reasonOf(tree, '/dev/sda')).toContain('swap');
    expect(reasonOf(tree, '/dev/sdb')).toBe('');
  });

  const volume = (name: string, uuid: string): string => `
sys/devices/virtual/block/dm-0/dev = 253:0
sys/devices/virtual/block/dm-0/size = 100
sys/devices/virtual/block/dm-0/dm/name = ${name}
sys/devices/virtual/block/dm-0/dm/uuid = ${uuid}
sys/devices/virtual/block/dm-0/holders/
sys/class/block/dm-0 -> ../../devices/virtual/block/dm-0
sys/devices/ata1/block/sda/sda1/holders/dm-0 -> ../../../../../virtual/block/dm-0
`;

  test.each([
    ['LUKS', volume('luks-home', 'CRYPT-LUKS2-abc'), 'encrypted as luks-home'],
    ['LVM', volume('vg-root', 'LVM-abc'), 'logical volume vg-root'],
  ])('by %s, also when nothing is mounted', (_, more, words) => {
    expect(reasonOf(pc(more), '/dev/sda')).toContain(words);
    expect(reasonOf(pc(more), '/dev/sda1')).toContain(words);
  });

  test('through LUKS, where something is mounted on it', () => {
    const tree = pc(
      volume('luks-home', 'CRYPT-LUKS2-abc') +
        mounted('40 1 253:0 / /home rw - ext4 /dev/mapper/luks-home rw'),
    );
    expect(readBlockDevice(tree, '/dev/sda')?.uses).toEqual(['encrypted as luks-home', 'mounted at /home']);
  });

  test('by a RAID', () => {
    const tree = pc(`
sys/devices/virtual/block/md0/md/level = raid1
sys/devices/virtual/block/md0/dev = 9:0
sys/class/block/md0 -> ../../devices/virtual/block/md0
sys/devices/ata1/block/sda/holders/md0 -> ../../../../virtual/block/md0
`);
    expect(reasonOf(tree, '/dev/sda')).toContain('RAID md0');
  });

  test('by a btrfs file system that spans disks', () => {
    const tree = pc(`sys/fs/btrfs/1234/devices/sdb -> ../../../../devices/usb1/block/sdb\n`);
    expect(reasonOf(tree, '/dev/sdb')).toContain('btrfs');
  });
});

test.each(['laptop-intel', 'workstation-two-gpus', 'server-numa-sev', 'cloud-vm', 'arm-board', 'old-pc'])(
  'of %s, the disk that / is on is never free',
  (name) => {
    using found = recordedPc(name);
    const tree = openTree(found.root);
    const root = (tree.text('proc/self/mountinfo') ?? '')
      .split('\n')
      .find((line) => line.split(' ')[4] === '/');
    expect(root).toBeDefined();
    const devices = listBlockDevices(tree);
    const users = devices.filter(({ uses }) => uses.includes('mounted at /'));
    // Where the record says which device it is on, at least that one is kept.
    const known = devices.length > 0;
    expect(users.length > 0).toBe(known);
    for (const user of users) expect(user.reason).not.toBe('');
  },
);
