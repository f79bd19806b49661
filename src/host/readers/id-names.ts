// SPDX-License-Identifier: Apache-2.0
//
// Names of PCI and USB devices from the lists that distributions carry (package hwdata or pci.ids). They are searched
// rather than parsed: 1.5 MB of text for the few dozen devices of a PC.
import type { Tree } from '../tree.ts';

export interface IdNames {
  vendor(vendorId: string): string | null;
  device(vendorId: string, deviceId: string): string | null;
  /** Of a class and, where it has a name of its own, a subclass: the first four digits of a PCI class */
  className(code: string): string | null;
}

const places = {
  pci: ['usr/share/hwdata/pci.ids', 'usr/share/misc/pci.ids', 'usr/share/pci.ids'],
  usb: [
    'usr/share/hwdata/usb.ids',
    'usr/share/misc/usb.ids',
    'var/lib/usbutils/usb.ids',
    'usr/share/usb.ids',
  ],
} as const;

// Both lists are below 2 MB in 2026.
const limit = 16 * 1024 * 1024;

/** The list is read when the first name is asked for; without one every name is null. */
export function idNames(tree: Tree, bus: keyof typeof places): IdNames {
  let text: string | undefined;
  const list = (): string => {
    if (text === undefined) {
      const found = places[bus].map((path) => tree.bytes(path, limit)).find((bytes) => bytes !== null);
      text = `\n${found?.toString('utf8') ?? ''}\n`;
    }
    return text;
  };
  // Vendor id -> the lines of its devices.
  const blocks = new Map<string, { name: string; devices: string } | null>();

  const block = (start: string) => {
    const known = blocks.get(start);
    if (known !== undefined) return known;
    const found = findBlock(list(), start);
    blocks.set(start, found);
    return found;
  };
  return {
    vendor: (vendorId) => block(vendorId)?.name ?? null,
    device(vendorId, deviceId) {
      const devices = block(vendorId)?.devices;
      return devices === undefined ? null : nameBehind(devices, `\n\t${deviceId}  `);
    },
    className(code) {
      const found = block(`C ${code.slice(0, 2)}`);
      if (found === null) return null;
      return nameBehind(found.devices, `\n\t${code.slice(2, 4)}  `) ?? found.name;
    },
  };
}

// A line of the vendor or class, then lines with a tab for what belongs to it.
function findBlock(list: string, start: string): { name: string; devices: string } | null {
  const at = list.indexOf(`\n${start}  `);
  if (at === -1) return null;
  const end = list.indexOf('\n', at + 1);
  const next = /\n[^\t#\n]/g;
  next.lastIndex = end;
  return {
    name: list.slice(at + start.length + 3, end).trim(),
    devices: list.slice(end, next.exec(list)?.index ?? list.length),
  };
}

function nameBehind(lines: string, start: string): string | null {
  const at = lines.indexOf(start);
  if (at === -1) return null;
  const end = lines.indexOf('\n', at + 1);
  return lines.slice(at + start.length, end === -1 ? undefined : end).trim();
}
