// SPDX-License-Identifier: Apache-2.0
import type { MachineDefinition } from '../contract/machine.ts';

// These are not about the hardware that runs.
const never: readonly string[] = ['formatVersion', 'id', 'name', 'autostart', 'schedule'];

/** Keys of a definition that differ from the one the machine was started with: they wait for the next start. */
export function pendingKeys(
  started: MachineDefinition | undefined,
  now: MachineDefinition | null,
): (keyof MachineDefinition)[] {
  if (started === undefined || now === null) return [];
  const before = plain(started);
  const after = plain(now);
  const keys = Object.keys({ ...before, ...after }) as (keyof MachineDefinition)[];
  return keys.filter((key) => !never.includes(key) && text(before[key]) !== text(after[key]));
}

/** Without what works at once (when a medium is taken out) and what is only read once (the size of a new disk). */
function plain(definition: MachineDefinition): Partial<Record<keyof MachineDefinition, unknown>> {
  return {
    ...definition,
    disks: definition.disks.map(({ size: _, ...disk }) => disk),
    removable: definition.removable.map(({ detach: _, ...drive }) => drive),
  };
}

// A definition that was read has its keys in the order of the schema; one that a service noted keeps it.
function text(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
