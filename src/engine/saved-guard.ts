// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../contract/errors.ts';
import type { MachineDefinition } from '../contract/machine.ts';
import { pendingKeys } from './pending.ts';
import { hasSaved } from './saved-state.ts';
import type { StoredMachine } from './store.ts';

/**
 * A saved memory fits the hardware it was saved on. What people change by the service is refused as long as there is one;
 * who edits the file by hand is told at the start, which goes on with the hardware as it was.
 * @throws PhyllomeError `machine-saved`
 */
export function requireFitsSaved(
  { name, directory, definition }: Pick<StoredMachine, 'name' | 'directory' | 'definition'>,
  after: MachineDefinition,
): void {
  if (definition === null || !hasSaved(directory)) return;
  const keys = pendingKeys(definition, after);
  if (keys.length > 0) throw new PhyllomeError('machine-saved', { name, keys: keys.join(', ') });
}
