// SPDX-License-Identifier: Apache-2.0
//
// What fixes change on other systems is part of the image on Phyllome OS: /usr is sealed, and the kernel's arguments are in
// the file that the firmware checks. A file in /etc would only hide what the next image brings.
import type { FixId } from '../../contract/doctor.ts';
import { refused, type Draft } from './draft.ts';
import type { Tree } from './tree.ts';

const fromImage: Record<FixId, string> = {
  'kvm-group': 'The service has a user of its own, who is in the group kvm.',
  'kvm-module': 'The module of KVM is loaded by what the image says.',
  'kvm-udev': 'The image gives /dev/kvm to the group kvm.',
  'vhost-modules': 'vhost_net and vhost_vsock are loaded by what the image says.',
  'iommu-kernel-argument':
    'The arguments of the kernel are inside the image, and its IOMMU is asked for there.',
  'memlock-limit': 'The service may lock memory without limit (LimitMEMLOCK in its unit).',
  'nested-kvm': 'The image lets guests run guests.',
};

export function isPhyllomeOs(tree: Tree): boolean {
  const text = tree.text('/etc/os-release') ?? tree.text('/usr/lib/os-release') ?? '';
  return /^IMAGE_ID="?phyllome"?$/m.test(text);
}

/** Instead of a fix that would have something to do. */
export const belongsToImage = (id: FixId): Draft =>
  refused(
    `${fromImage[id]} If it is not so here, this image is wrong.`,
    'A newer image may have it: phyllome os update. If the newest has it not, tell its makers: phyllome doctor --report pc.txt',
  );
