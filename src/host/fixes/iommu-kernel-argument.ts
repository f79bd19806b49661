// SPDX-License-Identifier: Apache-2.0
import { addKernelArgument, argumentIsConfigured } from './boot-loader.ts';
import { done, refused, type Draft, type Pc } from './draft.ts';
import { isAmd, isIntel, kernelRelease } from './facts.ts';
import type { Tree } from './tree.ts';

const argument = 'intel_iommu=on';
const firmware =
  'Switch VT-d (AMD: IOMMU, AMD-Vi) on in the firmware of this PC; "phyllome doctor" names the place.';

/**
 * Switches the IOMMU of an Intel PC on, where its kernel waits to be told. It is judged by effect: where IOMMU groups exist,
 * nothing is to be done whatever the kernel was told.
 */
export function iommuKernelArgument({ tree }: Pc): Draft {
  const groups = tree.names('/sys/kernel/iommu_groups').length;
  if (groups > 0) return done(`The IOMMU works: /sys/kernel/iommu_groups has ${groups} group(s).`);
  if (isAmd(tree)) {
    return refused(
      'The kernel uses the IOMMU of an AMD PC by itself: no kernel argument is needed, and there are no IOMMU groups.',
      firmware,
    );
  }
  if (!isIntel(tree))
    return refused('This PC has no processor of Intel, and only those need a kernel argument.', firmware);
  const words = (tree.text('/proc/cmdline') ?? '').trim().split(/\s+/);
  const against = words.find((word) => /^(intel_)?iommu=(.*,)?off$/.test(word));
  if (against !== undefined) {
    return refused(
      `The kernel was told "${against}" at its start, so the IOMMU is off because somebody wanted it so.`,
      `Take "${against}" out of the settings of your boot loader first.`,
    );
  }
  const tables = tree.names('/sys/firmware/acpi/tables');
  if (tables.length > 0 && !tables.includes('DMAR')) {
    return refused('The firmware does not speak of an IOMMU (there is no ACPI table DMAR).', firmware);
  }
  if (words.includes(argument) || onByItself(tree)) {
    const why = words.includes(argument) ? `it was told "${argument}"` : 'it does so by itself';
    return refused(`The kernel would use an IOMMU (${why}), and there are no IOMMU groups.`, firmware);
  }
  const notes = ['Takes effect when the PC restarts.'];
  if (argumentIsConfigured(tree, argument))
    return done(`"${argument}" is in the settings of the boot loader.`, notes);
  return {
    state: 'applicable',
    explanation: `The kernel uses the IOMMU of an Intel PC only when it is told "${argument}".`,
    ...addKernelArgument(tree, argument),
    notes,
    needsReboot: true,
  };
}

// A distribution chooses when it builds its kernel. Where it does not show how, the usual choice counts: on since 6.8.
function onByItself(tree: Tree): boolean {
  const release = kernelRelease(tree);
  for (const file of [`/boot/config-${release}`, `/lib/modules/${release}/config`]) {
    const config = tree.text(file);
    if (config !== null) return /^CONFIG_INTEL_IOMMU_DEFAULT_ON=y$/m.test(config);
  }
  const [major = 0, minor = 0] = release.split('.').map((part) => Number.parseInt(part, 10));
  return major > 6 || (major === 6 && minor >= 8);
}
