// SPDX-License-Identifier: Apache-2.0
import type { LabDisk } from './pc-spec.ts';

/** A disk as QEMU's block layer has it; the same object is used for plugging one in while the PC runs. */
export function diskBackend({ id, file, format, readOnly = false, badSectors = [] }: LabDisk): object {
  const plain = {
    driver: 'file',
    filename: file,
    // A flush of the guest reaches the kernel of this PC and stops there: when QEMU is killed, that is enough.
    cache: { direct: false, 'no-flush': true },
    discard: 'unmap',
  };
  const bottom =
    badSectors.length === 0
      ? plain
      : {
          driver: 'blkdebug',
          image: plain,
          'inject-error': badSectors.map((sector) => ({
            event: 'none',
            iotype: 'write',
            errno: 5,
            sector,
            once: false,
            immediately: false,
          })),
        };
  return {
    driver: format,
    'node-name': `disk-${id}`,
    'read-only': readOnly,
    discard: 'unmap',
    file: bottom,
  };
}

/** The device in front of a disk. */
export function diskDevice({ id, bus, functions = 0 }: LabDisk): Record<string, unknown> {
  const drive = `disk-${id}`;
  switch (bus) {
    case 'nvme':
      return {
        driver: 'nvme',
        id,
        serial: id,
        bus: `port-${id}`,
        ...(functions === 0 ? { drive } : withFunctions(id, functions)),
      };
    case 'virtio':
      return { driver: 'virtio-blk-pci', id, serial: id, drive };
    case 'stick':
      return { driver: 'usb-storage', id, serial: id, drive, bus: 'usb.0', removable: true };
    case 'disc':
      return { driver: 'ide-cd', id, serial: id, drive };
  }
}

// Virtual functions share queues and interrupts with the first: an NVMe of QEMU divides what it is told it has.
// https://www.qemu.org/docs/master/system/devices/nvme.html
const withFunctions = (id: string, functions: number): object => ({
  subsys: `subsystem-${id}`,
  sriov_max_vfs: functions,
  sriov_vq_flexible: functions * 2,
  sriov_vi_flexible: functions,
  max_ioqpairs: functions * 2 + 4,
  msix_qsize: functions + 8,
});

export function diskArguments(disk: LabDisk, index: number): string[] {
  const { id, bus, functions = 0 } = disk;
  // An NVMe in a slot of its own is alone in its IOMMU group, as on a board.
  const slot =
    bus === 'nvme' ? ['-device', `pcie-root-port,id=port-${id},chassis=${index + 1},slot=${index + 1}`] : [];
  // Where functions share a disk, it is a part of its own, and the firmware cannot be told to start from it.
  const divided = functions > 0;
  const device = { ...diskDevice(disk), ...(divided ? {} : { bootindex: index + 1 }) };
  return [
    ...slot,
    ...(divided ? ['-device', `nvme-subsys,id=subsystem-${id},nqn=${id}`] : []),
    '-blockdev',
    JSON.stringify(diskBackend(disk)),
    '-device',
    JSON.stringify(device),
    // QEMU makes devices that are given as JSON after all others, so this one is, too.
    ...(divided
      ? ['-device', JSON.stringify({ driver: 'nvme-ns', drive: `disk-${id}`, bus: id, nsid: 1 })]
      : []),
  ];
}
