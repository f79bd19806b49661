// SPDX-License-Identifier: Apache-2.0
import type { Iommu, PciDevice } from '../../contract/host.ts';
import { switchIn, type Tree } from '../tree.ts';

/** Whether there are IOMMU groups, and what would have led to them. */
export function readIommu(tree: Tree, devices: readonly PciDevice[]): Iommu {
  const groups = tree
    .list('sys/kernel/iommu_groups')
    .filter((name) => tree.list(`sys/kernel/iommu_groups/${name}/devices`).length > 0);
  const seen = new Set(devices.flatMap((device) => device.iommuGroup ?? []));
  const count = Math.max(groups.length, seen.size);
  const kernelArguments = readKernelArguments(tree);
  return {
    enabled: count > 0,
    groups: count,
    units: tree.list('sys/class/iommu'),
    firmwareTable: readFirmwareTable(tree),
    kernelArguments,
    acsOverride: kernelArguments.some((argument) => argument.startsWith('pcie_acs_override=')),
    unsafeInterrupts: switchIn(tree, 'sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts'),
    noIommuMode: switchIn(tree, 'sys/module/vfio/parameters/enable_unsafe_noiommu_mode'),
  };
}

const ofInterest =
  /^(?:intel_iommu|amd_iommu|iommu(?:\.\w+)?|pcie_acs_override|vfio-pci\.ids|vfio_pci\.ids|efi)=/;

function readKernelArguments(tree: Tree): string[] {
  return (tree.text('proc/cmdline') ?? '').split(/\s+/).filter((argument) => ofInterest.test(argument));
}

// The names of the tables may be listed by everybody, though only root may read them.
function readFirmwareTable(tree: Tree): boolean | null {
  const tables = tree.list('sys/firmware/acpi/tables');
  if (tables.length === 0) return null;
  return tables.some((name) => /^(?:DMAR|IVRS|IORT|VIOT)\d*$/.test(name));
}
