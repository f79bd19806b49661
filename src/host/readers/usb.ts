// SPDX-License-Identifier: Apache-2.0
import type { UsbDevice } from '../../contract/host.ts';
import { nameIn, type Tree } from '../tree.ts';
import type { IdNames } from './id-names.ts';

const folder = 'sys/bus/usb/devices';

/** USB devices by port, without the root hubs, which are the controllers' own. Serial numbers are not read. */
export function readUsbDevices(tree: Tree, names: IdNames): UsbDevice[] {
  // 1-2.4 is a device; 1-2.4:1.0 an interface of it, usb1 the root hub.
  const ports = tree.list(folder).filter((name) => /^\d+-[\d.]+$/.test(name));
  return ports.flatMap((port) => {
    const path = `${folder}/${port}`;
    const vendorId = tree.text(`${path}/idVendor`, 64)?.toLowerCase();
    const productId = tree.text(`${path}/idProduct`, 64)?.toLowerCase();
    if (vendorId === undefined || productId === undefined) return [];
    if (!/^[0-9a-f]{4}$/.test(vendorId) || !/^[0-9a-f]{4}$/.test(productId)) return [];
    const speed = Number(tree.text(`${path}/speed`, 64) ?? Number.NaN);
    return [
      {
        port,
        vendorId,
        productId,
        vendor: nameIn(tree, `${path}/manufacturer`) ?? names.vendor(vendorId),
        product: nameIn(tree, `${path}/product`) ?? names.device(vendorId, productId),
        hub: tree.text(`${path}/bDeviceClass`, 64) === '09',
        megabitsPerSecond: Number.isFinite(speed) ? speed : null,
      },
    ];
  });
}
