// SPDX-License-Identifier: Apache-2.0
//
// A template is a machine that is frozen as a base for clones: it does not start, and nobody changes it.
import { isDeepStrictEqual } from 'node:util';
import { PhyllomeError } from '../../contract/errors.ts';
import type { MachineDefinition } from '../../contract/machine.ts';
import type { Holds } from '../holds.ts';
import type { StoredMachine } from '../store.ts';

/**
 * @param verb completes "so it cannot ...": "start"
 * @throws PhyllomeError `machine-template`
 */
export function requireNoTemplate({ name, definition }: StoredMachine, verb: string): void {
  if (definition?.template === true) throw new PhyllomeError('machine-template', { name, verb });
}

/**
 * Looks at a change of a definition before it is written: a template stays as it is, but for its name and for being one,
 * and only a machine that does not run becomes one.
 * @returns what keeps the machine from being started until the change is written
 * @throws PhyllomeError `machine-template`, `machine-state`, `machine-in-use`
 */
export async function holdForTemplate(
  holds: Pick<Holds, 'takeFiles'>,
  machine: StoredMachine,
  after: MachineDefinition,
): Promise<AsyncDisposable | null> {
  const before = machine.definition;
  if (after.template === true && before?.template !== true)
    return holds.takeFiles(machine, 'become a template', 'becoming a template');
  const stays = before?.template === true && after.template === true;
  if (stays && !isDeepStrictEqual(frozenPart(before), frozenPart(after)))
    requireNoTemplate(machine, 'be changed');
  return null;
}

function frozenPart({ name: _, ...others }: MachineDefinition): object {
  return others;
}
