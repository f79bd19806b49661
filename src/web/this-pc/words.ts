// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../../contract/doctor.ts';
import type { GraphicsCard, HostReport, PciDevice, StorageReport } from '../../contract/host.ts';

/** For lists of facts of which some are not there. */
export function isDefined(fact: string | false | null | undefined): fact is string {
  return fact !== false && fact !== null && fact !== undefined && fact !== '';
}

/** What is written on the PC; null when its firmware does not say. */
export function pcName({ systemVendor, product, productVersion }: HostReport['dmi']): string | null {
  // Lenovo's product is a number of letters and digits; what people know is the version.
  const name = /lenovo/i.test(systemVendor ?? '') && isDefined(productVersion) ? productVersion : product;
  if (!isDefined(name)) return isDefined(systemVendor) ? systemVendor : null;
  if (!isDefined(systemVendor) || name.toLowerCase().startsWith(systemVendor.toLowerCase())) return name;
  return `${systemVendor} ${name}`;
}

export function cardName({ vendor, device, vendorId, deviceId }: GraphicsCard | PciDevice): string | null {
  const known = [vendor, device].filter(isDefined).join(' ');
  if (known !== '') return known;
  return vendorId === null && deviceId === null ? null : `${vendorId ?? '????'}:${deviceId ?? '????'}`;
}

/** Folders on the same file system, put together. */
export function mergeStorage(
  storage: readonly StorageReport[],
): { report: StorageReport; purposes: StorageReport['purpose'][] }[] {
  const merged: { report: StorageReport; purposes: StorageReport['purpose'][] }[] = [];
  for (const report of storage) {
    const same = merged.find(
      (other) => report.mountPoint !== null && other.report.mountPoint === report.mountPoint,
    );
    if (same === undefined) merged.push({ report, purposes: [report.purpose] });
    else same.purposes.push(report.purpose);
  }
  return merged;
}

/** Devices by IOMMU group, those without one last. */
export function groupDevices(
  devices: readonly PciDevice[],
): { group: number | null; devices: PciDevice[] }[] {
  const groups = Map.groupBy(devices, ({ iommuGroup }) => iommuGroup);
  return [...groups]
    .map(([group, members]) => ({ group, devices: members }))
    .sort((a, b) => (a.group ?? Infinity) - (b.group ?? Infinity));
}

/** How many findings of each kind there are. */
export function countFindings(findings: readonly Finding[]): Record<Finding['severity'], number> {
  const counts = { problem: 0, warning: 0, advice: 0, good: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}
