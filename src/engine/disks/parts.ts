// SPDX-License-Identifier: Apache-2.0
import type { DefinitionEditor } from '../definition-editor.ts';
import type { Holds } from '../holds.ts';
import type { Running } from '../running.ts';
import type { Store, StoredMachine } from '../store.ts';
import type { Tasks } from '../tasks.ts';

/** What the work on disks needs of the engine. */
export interface DiskParts {
  store: Store;
  tasks: Tasks;
  definitions: Pick<DefinitionEditor, 'adapt'>;
  holds: Holds;
  running: Pick<Running, 'get' | 'stateOf'>;
  /** Every machine, those in the bin too */
  others: () => Promise<readonly StoredMachine[]>;
  warn: (machine: StoredMachine, text: string) => void;
}

/** Every machine but this one. */
export async function othersThan(parts: DiskParts, { id }: StoredMachine): Promise<StoredMachine[]> {
  return (await parts.others()).filter((machine) => machine.id !== id);
}
