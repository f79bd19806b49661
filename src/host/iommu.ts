// SPDX-License-Identifier: Apache-2.0
//
// IOMMU groups: which devices of this PC can only be given to a guest together. Pure.
import type { PciDevice } from '../contract/host.ts';

/** What giving some devices to one guest means for all others. */
export interface Closure {
  /** Devices that go to the guest, by address: whole groups, without their bridges */
  travel: { address: string; group: number; because: string }[];
  /** Bridges of these groups: they stay with the host, and the guest does not see them */
  stay: { address: string; group: number; because: string }[];
  /** What was wanted and cannot be given at all */
  refused: { address: string; because: string }[];
}

/**
 * Everything that has to go to a guest when it gets the devices in `wanted`. The hardware can only keep groups
 * apart, so a group whose devices are divided between guest and host would let the guest read the host's memory.
 */
export function closureOf(devices: readonly PciDevice[], wanted: readonly string[]): Closure {
  const byAddress = new Map(devices.map((device) => [device.address, device]));
  const refused: Closure['refused'] = [];
  const askedOf = new Map<number, string>();
  for (const address of new Set(wanted)) {
    const device = byAddress.get(address);
    const refusal = whyNot(device);
    if (refusal !== null) refused.push({ address, because: refusal });
    else if (device?.iommuGroup != null && !askedOf.has(device.iommuGroup))
      askedOf.set(device.iommuGroup, address);
  }
  const travel: Closure['travel'] = [];
  const stay: Closure['stay'] = [];
  for (const { address, iommuGroup: group, bridge } of devices) {
    const reason = group === null ? undefined : askedOf.get(group);
    if (group === null || reason === undefined) continue;
    if (bridge) {
      stay.push({ address, group, because: 'It is a bridge: the host keeps it, and no guest sees it.' });
    } else {
      const because = wanted.includes(address)
        ? 'It was asked for.'
        : `It is in IOMMU group ${group} together with ${reason}.`;
      travel.push({ address, group, because });
    }
  }
  return { travel, stay, refused };
}

function whyNot(device: PciDevice | undefined): string | null {
  if (device === undefined) return 'There is no such device.';
  if (device.bridge) return 'It is a bridge. Bridges stay with the host.';
  if (device.iommuGroup === null)
    return 'It is in no IOMMU group: nothing could keep the guest to its own memory.';
  return null;
}

/** Devices by the number of their group. */
export function groupsOf(devices: readonly PciDevice[]): Map<number, PciDevice[]> {
  const groups = new Map<number, PciDevice[]>();
  for (const device of devices) {
    if (device.iommuGroup === null) continue;
    const group = groups.get(device.iommuGroup);
    if (group === undefined) groups.set(device.iommuGroup, [device]);
    else group.push(device);
  }
  return groups;
}

// Host, PCI-to-PCI, CardBus and semi-transparent bridges. Others of class 06 (ISA, "other") are ordinary devices to
// VFIO, which asks for their driver to be gone.
const bridgeClasses = new Set(['0600', '0604', '0607', '0609']);

/** @param classCode six hexadecimal digits */
export function isBridge(classCode: string | null): boolean {
  return classCode !== null && bridgeClasses.has(classCode.slice(0, 4));
}

/** "0000:01:00.0" -> "0000:01:00": the functions of one device, such as a graphics card and its sound. */
export function slotOf(address: string): string {
  return address.replace(/\.[0-9a-f]$/i, '');
}
