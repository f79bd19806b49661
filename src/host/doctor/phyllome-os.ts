// SPDX-License-Identifier: Apache-2.0
//
// On Phyllome OS much of what the doctor advises elsewhere makes no sense: nothing is installed into the image, its kernel is
// told what it needs by the builder, and modules, rights and limits are part of it. There such a finding is a defect of the
// image, and a newer one is the cure.
import type { Finding, FindingId } from '../../contract/doctor.ts';

const partOfImage: readonly FindingId[] = [
  'kvm-module-missing',
  'kvm-module-not-loaded',
  'kvm-session-old',
  'kvm-no-group',
  'kvm-device-mode',
  'nested-off',
  'vmm-missing',
  'helpers-missing',
  'user-namespaces-off',
  'low-memlock',
  'graphics-library-missing',
  'graphics-no-permission',
  'no-vhost-net',
  'no-vhost-vsock',
  'cgroup-old',
];

const newerImage: readonly string[] = [
  'This belongs to the image, so nothing is set here by hand. See whether a newer one is there: phyllome os update',
  'If the newest has it as well, the image is wrong. Its makers want to know: phyllome doctor --report pc.txt',
];

/** The same finding with steps that can be taken on Phyllome OS. */
export function onPhyllomeOs(finding: Finding): Finding {
  const found = { ...finding, fix: null };
  if (partOfImage.includes(found.id)) return { ...found, next: [...newerImage] };
  switch (found.id) {
    case 'iommu-not-enabled':
      return {
        ...found,
        next: [
          'The image tells its kernel to use the IOMMU. An argument against it was added in the boot menu or by the firmware: restart without it.',
          'Else update the firmware of the board: its description of the IOMMU may be damaged.',
        ],
      };
    case 'disk-in-memory':
      return {
        ...found,
        next: [
          'This system runs from a medium and keeps nothing. Install it on a disk of this PC: phyllome os install',
        ],
      };
    default:
      return found;
  }
}
