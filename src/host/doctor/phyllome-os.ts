// SPDX-License-Identifier: Apache-2.0
//
// On Phyllome OS much of what the doctor advises elsewhere makes no sense: nothing is installed into the image, its kernel is
// told what it needs by the builder, and modules, rights and limits are part of it. There such a finding is a defect of the
// image, and a newer one is the cure.
import type { Finding, FindingId } from '../../contract/doctor.ts';

const newerImage: readonly string[] = [
  'This belongs to the image, so nothing is set here by hand. See whether a newer one is there: phyllome os update',
  'If the newest has it as well, the image is wrong. Its makers want to know: phyllome doctor --report pc.txt',
];

const steps: Partial<Record<FindingId, readonly string[]>> = {
  'kvm-module-missing': newerImage,
  'kvm-module-not-loaded': newerImage,
  'kvm-session-old': newerImage,
  'kvm-no-group': newerImage,
  'kvm-device-mode': newerImage,
  'nested-off': newerImage,
  'vmm-missing': newerImage,
  'helpers-missing': newerImage,
  'user-namespaces-off': newerImage,
  'low-memlock': newerImage,
  'graphics-library-missing': newerImage,
  'graphics-no-permission': newerImage,
  'no-vhost-net': newerImage,
  'no-vhost-vsock': newerImage,
  'cgroup-old': newerImage,
  'iommu-not-enabled': [
    'The image tells its kernel to use the IOMMU. An argument against it was added in the boot menu or by the firmware: restart without it.',
    'Else update the firmware of the board: its description of the IOMMU may be damaged.',
  ],
  'disk-in-memory': [
    'This system runs from a medium and keeps nothing. Install it on a disk of this PC: phyllome os install',
  ],
};

/** The same finding with steps that can be taken on Phyllome OS. */
export function onPhyllomeOs(finding: Finding): Finding {
  // A live system is meant to be like that.
  const severity = finding.id === 'disk-in-memory' ? 'warning' : finding.severity;
  return { ...finding, severity, fix: null, next: [...(steps[finding.id] ?? finding.next)] };
}
