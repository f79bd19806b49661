// SPDX-License-Identifier: Apache-2.0
import type { MachineDefinition } from '../../contract/machine.ts';
import { device } from './arguments.ts';
import { nothing, type Part, type Site } from './part.ts';
import { slots } from './pci.ts';

/** The most that QEMU's xHCI controller takes, for each of USB 2 and USB 3. */
export const usbPorts = 15;

/** USB keyboard and tablet; a machine without a display has nobody who types. */
export function inputPorts({ display, input }: MachineDefinition): number {
  return display.type !== 'none' && input === 'usb' ? 2 : 0;
}

/** The controller, where something is plugged into it. */
export function planUsb({ definition }: Site): Part {
  const storage = [...definition.disks, ...definition.removable].some((item) => item.bus === 'usb');
  if (!storage && inputPorts(definition) === 0) return nothing;
  const place = { bus: 'pcie.0', addr: slots.usb, p2: usbPorts, p3: usbPorts };
  return { arguments: device({ driver: 'qemu-xhci', id: 'usb', ...place }) };
}
