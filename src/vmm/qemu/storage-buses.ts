// SPDX-License-Identifier: Apache-2.0
import type { Disk, MachineDefinition } from '../../contract/machine.ts';
import { device, type Json } from './arguments.ts';
import type { Site } from './part.ts';
import { onRootBus, slots } from './pci.ts';
import { inputPorts } from './usb.ts';

/** Gives each disk or drive its place on the bus it wants, and makes the controllers that this takes. */
export interface StorageBuses {
  take(bus: Disk['bus']): Record<string, Json>;
  controllers(): string[];
}

const portsOfSataController = 6;

/** Every place is decided by the number of those before it on the same bus, so the order of calls matters. */
export function createStorageBuses({ definition, ports }: Site): StorageBuses {
  // q35 brings one SATA controller along.
  const builtIn = definition.architecture === 'x86_64';
  let scsi = 0;
  let sata = 0;
  const sataBus = (controller: number): string => {
    if (builtIn) return controller === 0 ? 'ide' : `sata${controller}`;
    return `sata${controller + 1}`;
  };
  return {
    take(bus) {
      switch (bus) {
        case 'virtio':
        case 'nvme':
          return { bus: ports.take() };
        case 'scsi':
          return { bus: 'scsi.0', 'scsi-id': scsi++ };
        case 'usb':
          return { bus: 'usb.0' };
        case 'sata': {
          const place = sata++;
          return {
            bus: `${sataBus(Math.floor(place / portsOfSataController))}.${place % portsOfSataController}`,
          };
        }
      }
    },
    controllers() {
      const needed = Math.ceil(sata / portsOfSataController) - (builtIn ? 1 : 0);
      return [
        ...(scsi > 0 ? device({ driver: 'virtio-scsi-pci', id: 'scsi', ...onRootBus(slots.scsi) }) : []),
        ...Array.from({ length: Math.max(needed, 0) }, (_, index) => sataController(index)).flat(),
      ];
    },
  };
}

function sataController(index: number): string[] {
  const addr = `0x${(slots.firstSata + index).toString(16)}`;
  return device({ driver: 'ich9-ahci', id: `sata${index + 1}`, bus: 'pcie.0', addr });
}

/** How many ports of the USB controller a machine occupies. */
export function usbPortsUsed(definition: MachineDefinition): number {
  const storage = [...definition.disks, ...definition.removable].filter((item) => item.bus === 'usb');
  return storage.length + inputPorts(definition);
}
