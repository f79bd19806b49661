// SPDX-License-Identifier: Apache-2.0
import type { MachineDefinition } from '../../contract/machine.ts';

/** The boot index of every device of a definition, in its order; undefined: it is not booted from. */
export interface BootOrder {
  disks: (number | undefined)[];
  removable: (number | undefined)[];
  nics: (number | undefined)[];
}

/**
 * When the definition orders nothing: disks, then discs. A new machine's disk is empty, so its firmware goes on
 * to the installer's disc; once something is installed it boots that. The network is only asked when somebody
 * wants it: it costs a minute of waiting where nobody answers.
 */
export function bootOrder({ boot, disks, removable, nics }: MachineDefinition): BootOrder {
  const indexes = (items: readonly unknown[], index: (place: number) => number | undefined) =>
    items.map((_, place) => index(place));
  const none = () => undefined;
  if (boot.type === 'kernel') return { disks: indexes(disks, none), removable: indexes(removable, none), nics: indexes(nics, none) };
  const ordered = [...disks, ...removable, ...nics].some((item) => item.bootIndex !== undefined);
  return {
    disks: indexes(disks, (place) => (ordered ? disks[place]?.bootIndex : place)),
    removable: indexes(removable, (place) => (ordered ? removable[place]?.bootIndex : disks.length + place)),
    nics: indexes(nics, (place) => nics[place]?.bootIndex),
  };
}
