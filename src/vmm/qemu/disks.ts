// SPDX-License-Identifier: Apache-2.0
import { isBlockDevice } from '../../contract/block-device.ts';
import type { Disk, MachineDefinition, RemovableDrive } from '../../contract/machine.ts';
import { locate } from '../../disk/locate.ts';
import { blockdev, device, type Json } from './arguments.ts';
import { bootOrder } from './boot-order.ts';
import { encryptedWith, planDiskKey } from './disk-key.ts';
import type { Reason } from '../driver.ts';
import { createStorageBuses, usbPortsUsed, type StorageBuses } from './storage-buses.ts';
import type { Opinion, Part, Site } from './part.ts';
import { usbPorts } from './usb.ts';

export function judgeDisks(definition: MachineDefinition): Opinion {
  const used = usbPortsUsed(definition);
  if (used <= usbPorts) return { losses: startsNot(definition) };
  const text = `The machine has ${used} USB devices; its USB controller has ${usbPorts} ports.`;
  return { refusals: [{ code: 'usb-ports', text, hint: 'Move some disks to another bus: virtio or scsi.' }] };
}

/** Seen with AAVMF of Debian 12: of all buses, the UEFI firmware for ARM has no driver for SATA. */
function startsNot({ architecture, boot, disks, removable }: MachineDefinition): Reason[] {
  const media = removable.filter(({ file }) => file !== undefined);
  const sata = [...disks, ...media].some(({ bus }) => bus === 'sata');
  if (architecture !== 'aarch64' || boot.type !== 'uefi' || !sata) return [];
  const text = `The UEFI firmware for ${architecture} starts nothing from SATA; the guest sees such a disk once it runs.`;
  return [
    { code: 'sata-not-bootable', text, hint: 'Set the bus of the disk or drive to usb, scsi or virtio.' },
  ];
}

export function planDisks(site: Site): Part {
  const { disks, removable } = site.definition;
  const buses = createStorageBuses(site);
  const order = bootOrder(site.definition);
  const parts = [
    ...disks.flatMap((disk, index) => [
      ...blockdev({
        ...imageNode(disk, `disk${index}`, locate(site.paths.machine, disk.file)),
        ...encryptedWith(site.paths.layers?.[index] ?? []),
      }),
      ...diskDevice(disk, index, order.disks[index], buses, site.definition.id),
    ]),
    ...removable.flatMap((drive, index) =>
      planDrive(drive, index, order.removable[index], buses, site.paths.machine),
    ),
  ];
  const key = planDiskKey(site);
  return { ...key, arguments: [...key.arguments, ...buses.controllers(), ...parts] };
}

/**
 * The image: its format is always said, so a guest cannot change it by writing another format's header.
 * A backing file is opened as the image names it; before a start, the disk room refuses chains that leave the
 * machine's folder.
 */
export function imageNode(
  disk: Disk,
  node: string,
  file: string,
): { driver: string; 'node-name': string } & Record<string, Json> {
  const cache = { direct: disk.cache === 'none', 'no-flush': disk.cache === 'unsafe' };
  const common = { 'read-only': disk.readOnly, discard: disk.discard, cache };
  return {
    driver: disk.format,
    'node-name': node,
    ...common,
    // Zeros that a guest writes need no room either.
    ...(disk.discard === 'unmap' ? { 'detect-zeroes': 'unmap' } : {}),
    // Without a lock two QEMUs could write one image; where the file system has none, better no start.
    file: {
      driver: isBlockDevice(file) ? 'host_device' : 'file',
      'node-name': `${node}-file`,
      filename: file,
      locking: 'on',
      ...common,
    },
  };
}

function diskDevice(
  disk: Disk,
  index: number,
  bootindex: number | undefined,
  buses: StorageBuses,
  machineId: string,
): string[] {
  const id = `disk${index}`;
  const place = buses.take(disk.bus);
  const properties = {
    id,
    drive: id,
    bootindex,
    'write-cache': disk.cache === 'writethrough' ? 'off' : 'on',
  };
  // When the storage of this PC fails or is full the guest stops, and goes on where it was once that is repaired.
  const onError = { rerror: 'stop', werror: 'stop' };
  // Says "this is an SSD": Windows then trims instead of defragmenting.
  const ssd: Record<string, Json> = { rotation_rate: 1 };
  const { serial } = disk;
  switch (disk.bus) {
    case 'virtio':
      return device({ driver: 'virtio-blk-pci', ...properties, ...place, ...onError, serial });
    case 'scsi':
      return device({ driver: 'scsi-hd', ...properties, ...place, ...onError, ...ssd, serial });
    case 'sata':
      return device({ driver: 'ide-hd', ...properties, ...place, ...onError, ...ssd, serial });
    case 'usb':
      return device({ driver: 'usb-storage', ...properties, ...place, ...onError, serial });
    case 'nvme':
      // An NVMe disk must have a serial number.
      return device({
        driver: 'nvme',
        ...properties,
        ...place,
        serial: serial ?? `${machineId.slice(0, 8)}-${index}`,
      });
  }
}

/** How a drive is called in QEMU, and in `drives.ts`. */
export const driveId = (index: number): string => `removable${index}`;

/** A disc: always raw, whatever its content says, and never written. */
export function mediumNode(
  node: string,
  filename: string,
): { driver: string; 'node-name': string } & Record<string, Json> {
  return {
    driver: 'raw',
    'node-name': node,
    'read-only': true,
    file: { driver: 'file', 'node-name': `${node}-file`, filename, 'read-only': true },
  };
}

function planDrive(
  { file, bus }: RemovableDrive,
  index: number,
  bootindex: number | undefined,
  buses: StorageBuses,
  machineDirectory: string,
): string[] {
  const id = driveId(index);
  const filename = file === undefined ? undefined : locate(machineDirectory, file);
  const medium = filename === undefined ? [] : blockdev(mediumNode(id, filename));
  const properties = { id, drive: filename === undefined ? undefined : id, bootindex };
  const place = buses.take(bus);
  switch (bus) {
    case 'sata':
      return [...medium, ...device({ driver: 'ide-cd', ...properties, ...place })];
    case 'scsi':
      return [...medium, ...device({ driver: 'scsi-cd', ...properties, ...place })];
    case 'usb': {
      // usb-storage would show the disc as a hard disk; this way it is a drive whose disc can be changed.
      const bridge = device({ driver: 'usb-bot', id: `${id}-usb`, ...place });
      return [...medium, ...bridge, ...device({ driver: 'scsi-cd', ...properties, bus: `${id}-usb.0` })];
    }
  }
}
