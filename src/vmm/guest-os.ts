// SPDX-License-Identifier: Apache-2.0
import type { MachineDefinition } from '../contract/machine.ts';

/** Catalogue ids of Windows all begin alike: win10, win11, win2k25. */
export function isWindows({ guestOs }: Pick<MachineDefinition, 'guestOs'>): boolean {
  return guestOs.startsWith('win');
}
