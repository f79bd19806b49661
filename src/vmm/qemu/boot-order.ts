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
  const all = [...disks, ...removable, ...nics];
  const said = all.map(({ bootIndex }) => bootIndex);
  const storage = disks.length + removable.length;
  const unsaid = all.map((_, place) => (place < storage ? place : undefined));
  const order = said.some((index) => index !== undefined) ? said : unsaid;
  // With a kernel, QEMU boots that itself.
  const indexes = boot.type === 'kernel' ? order.map(() => undefined) : order;
  return {
    disks: indexes.slice(0, disks.length),
    removable: indexes.slice(disks.length, storage),
    nics: indexes.slice(storage),
  };
}
