// SPDX-License-Identifier: Apache-2.0
import { setImmediate as breathe } from 'node:timers/promises';
import type { PciDevice } from '../../contract/host.ts';
import { isBridge } from '../iommu.ts';
import { numberIn, toNumber, type Tree } from '../tree.ts';
import type { IdNames } from './id-names.ts';

export const pciFolder = 'sys/bus/pci/devices';

// A device takes some 0.1 ms to read. A server with 2,000 of them must not hold up who else uses the service.
const devicesAtOnce = 64;

/** Every PCI device, by address. */
export async function readPciDevices(tree: Tree, names: IdNames): Promise<PciDevice[]> {
  const devices: PciDevice[] = [];
  for (const [index, address] of tree.list(pciFolder).entries()) {
    if (index % devicesAtOnce === devicesAtOnce - 1) await breathe();
    const device = readDevice(tree, names, address);
    if (device !== null) devices.push(device);
  }
  return devices;
}

function readDevice(tree: Tree, names: IdNames, address: string): PciDevice | null {
  const path = `${pciFolder}/${address}`;
  const classCode = hex(tree.text(`${path}/class`, 64), 6);
  const vendorId = hex(tree.text(`${path}/vendor`, 64), 4);
  const deviceId = hex(tree.text(`${path}/device`, 64), 4);
  // It was taken out between the listing and now, or is no device.
  if (classCode === null && vendorId === null && deviceId === null && !tree.exists(path)) return null;
  const node = numberIn(tree, `${path}/numa_node`);
  return {
    address,
    class: classCode,
    className: classCode === null ? null : names.className(classCode),
    vendorId,
    deviceId,
    vendor: vendorId === null ? null : names.vendor(vendorId),
    device: vendorId === null || deviceId === null ? null : names.device(vendorId, deviceId),
    driver: tree.linkName(`${path}/driver`),
    iommuGroup: toNumber(tree.linkName(`${path}/iommu_group`)),
    bridge: isBridge(classCode),
    // -1: this PC has no nodes, or the firmware does not say.
    numaNode: node === null || node < 0 ? null : node,
    virtualFunctionOf: tree.linkName(`${path}/physfn`),
    sriov: readSriov(tree, path),
  };
}

function readSriov(tree: Tree, path: string): PciDevice['sriov'] {
  const total = numberIn(tree, `${path}/sriov_totalvfs`);
  if (total === null || total <= 0) return null;
  return { total, enabled: numberIn(tree, `${path}/sriov_numvfs`) ?? 0 };
}

/** The digits behind 0x, so many of them; null for anything else. */
function hex(text: string | null, digits: number): string | null {
  const found = /^0x([0-9a-f]+)$/i.exec(text ?? '')?.[1]?.toLowerCase();
  return found === undefined || found.length > digits ? null : found.padStart(digits, '0');
}
