// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { diskArguments, diskBackend, diskDevice } from './disk-arguments.ts';
import type { LabDisk } from './pc-spec.ts';

const disk: LabDisk = { id: 'one', file: '/a, b.qcow2', format: 'qcow2', bus: 'nvme' };

test('an NVMe disk has a slot of its own and is booted from', () => {
  const [, slot, , backend = '', , device = ''] = diskArguments(disk, 1);
  expect(slot).toBe('pcie-root-port,id=port-one,chassis=2,slot=2');
  expect(JSON.parse(backend)).toMatchObject({ 'node-name': 'disk-one', file: { filename: '/a, b.qcow2' } });
  expect(JSON.parse(device)).toEqual({
    driver: 'nvme',
    id: 'one',
    serial: 'one',
    bus: 'port-one',
    drive: 'disk-one',
    bootindex: 2,
  });
});

test('one with virtual functions is a part of its own, made after its controller', () => {
  const args = diskArguments({ ...disk, functions: 2 }, 0);
  const json = args.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text) as object);
  expect(json[1]).toMatchObject({ driver: 'nvme', sriov_max_vfs: 2, subsys: 'subsystem-one' });
  expect(json[1]).not.toHaveProperty('drive');
  expect(json[2]).toEqual({ driver: 'nvme-ns', drive: 'disk-one', bus: 'one', nsid: 1 });
});

test('a stick is removable, a disc a CD', () => {
  expect(diskDevice({ ...disk, bus: 'stick' })).toMatchObject({ driver: 'usb-storage', removable: true });
  expect(diskDevice({ ...disk, bus: 'disc' })).toMatchObject({ driver: 'ide-cd' });
  expect(diskArguments({ ...disk, bus: 'stick' }, 0).join(' ')).not.toContain('root-port');
});

test('writing to a bad sector fails, each time', () => {
  expect(diskBackend({ ...disk, badSectors: [2048] })).toMatchObject({
    file: { driver: 'blkdebug', 'inject-error': [{ iotype: 'write', errno: 5, sector: 2048, once: false }] },
  });
  expect(JSON.stringify(diskBackend(disk))).not.toContain('blkdebug');
});
