// SPDX-License-Identifier: Apache-2.0
import type { MachineDefinition } from '../contract/machine.ts';

/** Catalogue ids of Windows all begin alike: win10, win11, win2k25. */
export function isWindows({ guestOs }: Pick<MachineDefinition, 'guestOs'>): boolean {
  return guestOs.startsWith('win');
}

/** What the clock of the board shows: Windows keeps local time in it, unless the definition says otherwise. */
export function clockOf({ clock, guestOs }: Pick<MachineDefinition, 'clock' | 'guestOs'>): 'utc' | 'local' {
  return clock ?? (isWindows({ guestOs }) ? 'local' : 'utc');
}
