// SPDX-License-Identifier: Apache-2.0
import type { HostReport } from '../../contract/host.ts';
import { nameIn, type Tree } from '../tree.ts';

const dmi = 'sys/class/dmi/id';
// The vendor GUID of the variables that the UEFI specification itself defines.
const globalVariables = '8be4df61-93ca-11d2-aa0d-00e098032b8c';
// OsIndicationsSupported, bit 0: EFI_OS_INDICATIONS_BOOT_TO_FW_UI.
const bootToSetup = 1;

export function readFirmware(tree: Tree): HostReport['firmware'] {
  const efi = tree.exists('sys/firmware/efi');
  const hasDmi = tree.exists(dmi);
  const deviceTree = tree.exists('proc/device-tree') || tree.exists('sys/firmware/devicetree/base');
  // Containers hide this folder: then nobody knows.
  const seen = tree.list('sys/firmware').length > 0;
  const secureBoot = efiVariable(tree, 'SecureBoot');
  const indications = efiVariable(tree, 'OsIndicationsSupported');
  return {
    kind: efi ? 'uefi' : deviceTree && !hasDmi ? 'device-tree' : seen && hasDmi ? 'bios' : null,
    vendor: nameIn(tree, `${dmi}/bios_vendor`),
    version: nameIn(tree, `${dmi}/bios_version`),
    date: nameIn(tree, `${dmi}/bios_date`),
    // Without UEFI there is none; with UEFI and no variable nobody knows.
    secureBoot: secureBoot === null ? (efi || !hasDmi || !seen ? null : false) : secureBoot[0] === 1,
    rebootToSetup: indications === null ? null : ((indications[0] ?? 0) & bootToSetup) !== 0,
  };
}

// In efivarfs four bytes of attributes stand before the value; the older interface shows the value alone.
function efiVariable(tree: Tree, name: string): Buffer | null {
  const value = tree.bytes(`sys/firmware/efi/efivars/${name}-${globalVariables}`, 64);
  if (value !== null && value.length > 4) return value.subarray(4);
  return tree.bytes(`sys/firmware/efi/vars/${name}-${globalVariables}/data`, 64);
}

export function readDmi(tree: Tree): HostReport['dmi'] {
  const systemVendor = nameIn(tree, `${dmi}/sys_vendor`);
  const product = nameIn(tree, `${dmi}/product_name`);
  const boardVendor = nameIn(tree, `${dmi}/board_vendor`);
  const model = nameIn(tree, 'proc/device-tree/model') ?? nameIn(tree, 'sys/firmware/devicetree/base/model');
  const compatible = tree.text('proc/device-tree/compatible') ?? '';
  return {
    systemVendor,
    product: product ?? model,
    productVersion: nameIn(tree, `${dmi}/product_version`),
    boardVendor,
    board: nameIn(tree, `${dmi}/board_name`),
    chassis: chassisOf(tree.text(`${dmi}/chassis_type`)),
    isApple: isApple([systemVendor, boardVendor], product, compatible),
  };
}

// Macs with Intel processors say so in DMI, those with Apple silicon in the device tree. A virtual machine of Apple's
// own framework also says "Apple Inc.", but is none.
function isApple(vendors: readonly (string | null)[], product: string | null, compatible: string): boolean {
  if (/virtual/i.test(product ?? '')) return false;
  return vendors.some((vendor) => /^apple\b/i.test(vendor ?? '')) || /(?:^|\s)apple,/.test(compatible);
}

// DMTF DSP0134 (SMBIOS), 7.4.1 System Enclosure or Chassis Types.
const chassisTypes: Readonly<Record<number, NonNullable<HostReport['dmi']['chassis']>>> = {
  3: 'desktop',
  4: 'desktop',
  5: 'desktop',
  6: 'desktop',
  7: 'desktop',
  8: 'laptop',
  9: 'laptop',
  10: 'laptop',
  13: 'desktop',
  14: 'laptop',
  15: 'desktop',
  16: 'desktop',
  17: 'server',
  23: 'server',
  24: 'desktop',
  28: 'server',
  29: 'server',
  30: 'tablet',
  31: 'laptop',
  32: 'tablet',
  35: 'desktop',
  36: 'desktop',
};

function chassisOf(type: string | null): HostReport['dmi']['chassis'] {
  if (type === null || !/^\d+$/.test(type)) return null;
  return chassisTypes[Number(type)] ?? 'other';
}

export function readTpm(tree: Tree): HostReport['tpm'] {
  const device = tree.list('sys/class/tpm').find((name) => /^tpm\d+$/.test(name));
  if (device === undefined) return { present: false, version: null };
  const major = tree.text(`sys/class/tpm/${device}/tpm_version_major`);
  // Kernels before 5.6 only have "caps" for 1.2 and the resource manager beside 2.0.
  const resourceManager = tree.list('sys/class/tpmrm').length > 0;
  if (major === '2' || (major === null && resourceManager)) return { present: true, version: '2.0' };
  const older = major === '1' || tree.exists(`sys/class/tpm/${device}/device/caps`);
  return { present: true, version: older ? '1.2' : null };
}
