// SPDX-License-Identifier: Apache-2.0
//
// Where each device sits on the PCI bus. Everything has a place of its own, so that adding a balloon never
// moves a network card: guests name their cards by these places, and one that moves is a guest without network.
import { device } from './arguments.ts';

/** Slots on the root bus, the same on every board. 0 is the host bridge, 0x1f the chipset of q35. */
export const slots = {
  display: '0x1',
  usb: '0x2',
  serial: '0x3',
  rng: '0x4',
  balloon: '0x5',
  scsi: '0x6',
  panic: '0x7',
  sound: '0x8',
  keyboard: '0x9',
  tablet: '0xa',
  firstRootPort: 0x10, // eight ports a slot, up to 0x17
  firstSata: 0x18, // additional SATA controllers, up to 0x1d
} as const;

/**
 * Devices on the root bus are offered in both virtio's forms by default. Only the current one (1.x) is wanted;
 * behind a root port QEMU chooses it by itself.
 */
export const onRootBus = (slot: string) => ({ bus: 'pcie.0', addr: slot, 'disable-legacy': 'on' });

/** Empty ports for disks and network cards that are added while the machine runs. Each costs boot time. */
const spareRootPorts = 2;

/** Hands out PCIe root ports, one for each device that may be added or removed while the machine runs. */
export interface RootPorts {
  /** The name of a bus that nothing else uses */
  take(): string;
  /** The ports handed out so far and the spare ones; QEMU must get these before the devices in them */
  arguments(): string[];
}

export function createRootPorts(): RootPorts {
  let taken = 0;
  return {
    take: () => `port${taken++}`,
    arguments: () => Array.from({ length: taken + spareRootPorts }, (_, index) => rootPort(index)).flat(),
  };
}

function rootPort(index: number): string[] {
  const slot = (slots.firstRootPort + Math.floor(index / 8)).toString(16);
  return device({
    driver: 'pcie-root-port',
    id: `port${index}`,
    bus: 'pcie.0',
    addr: `0x${slot}.0x${index % 8}`,
    chassis: index + 1,
    multifunction: true,
  });
}
