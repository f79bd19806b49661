// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import type { MachineDefinition } from '../../contract/machine.ts';

/**
 * For what would write something of an encrypted machine where everybody can read it.
 * @param what completes "so it cannot ...": "be saved with its memory"
 * @throws PhyllomeError `machine-encrypted`
 */
export function requireUnencrypted({ name, encryption }: MachineDefinition, what: string): void {
  if (encryption !== undefined) throw new PhyllomeError('machine-encrypted', { name, what });
}
