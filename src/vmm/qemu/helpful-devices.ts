// SPDX-License-Identifier: Apache-2.0
//
// Small devices that make a guest a better guest.
import { device, object } from './arguments.ts';
import { confidentialKind } from './confidential.ts';
import type { Part, Site } from './part.ts';
import { onRootBus, slots } from './pci.ts';

export function planHelpfulDevices({ definition }: Site): Part {
  const { rng } = definition;
  // Encrypted pages cannot be given back.
  const balloon = definition.balloon && confidentialKind(definition) === null;
  return {
    arguments: [
      ...(rng
        ? [
            ...object({ 'qom-type': 'rng-builtin', id: 'entropy' }),
            ...device({ driver: 'virtio-rng-pci', id: 'rng', rng: 'entropy', ...onRootBus(slots.rng) }),
          ]
        : []),
      ...(balloon
        ? device({
            driver: 'virtio-balloon-pci',
            id: 'balloon',
            // The guest says which pages it does not use, and they are free for others at once.
            'free-page-reporting': true,
            // A guest short of memory takes back what it lent, rather than killing its programs.
            'deflate-on-oom': true,
            ...onRootBus(slots.balloon),
          })
        : []),
      // Through it the guest's kernel says that it panicked.
      ...device({ driver: 'pvpanic-pci', id: 'panic', bus: 'pcie.0', addr: slots.panic }),
    ],
  };
}
