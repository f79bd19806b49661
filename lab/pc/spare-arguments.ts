// SPDX-License-Identifier: Apache-2.0
import { words } from './words.ts';

/** The spare devices: PCI vendor and device as the guest reads them in sysfs, and what they are to a person. */
export const spares = {
  nic: { id: '8086:10c9', what: 'network card (igb, 7 virtual functions)' },
  usb: { id: '1b36:000d', what: 'USB controller' },
  gpu: { id: '1234:1111', what: 'graphics card (secondary VGA)' },
} as const;

// Chassis numbers tell the slots apart; those of disks begin at 1.
const firstChassis = 20;

const slot = (name: string, index: number): string[] =>
  words(
    `-device pcie-root-port,id=spare-${name},chassis=${firstChassis + index},slot=${firstChassis + index}`,
  );

/**
 * Hardware to give away: each behind a root port of its own, so that each is alone in its IOMMU group.
 * @param stick raw file of the USB stick in the spare controller
 */
export function spareArguments(stick: string): string[] {
  const file = { driver: 'file', filename: stick };
  return [
    ...slot('nic', 0),
    ...words('-netdev user,id=spare-net,net=10.0.3.0/24'),
    ...words('-device igb,id=nic,bus=spare-nic,netdev=spare-net,romfile=,mac=52:54:00:aa:bb:01'),
    ...slot('usb', 1),
    ...words('-device qemu-xhci,id=spare-xhci,bus=spare-usb'),
    '-blockdev',
    JSON.stringify({ driver: 'raw', 'node-name': 'spare-stick', file }),
    ...words('-device usb-storage,bus=spare-xhci.0,drive=spare-stick,serial=spare,removable=on'),
    ...slot('gpu', 2),
    ...words('-device secondary-vga,id=gpu,bus=spare-gpu'),
  ];
}
