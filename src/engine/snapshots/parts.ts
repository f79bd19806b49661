// SPDX-License-Identifier: Apache-2.0
import type { DefinitionEditor } from '../definition-editor.ts';
import type { Holds } from '../holds.ts';
import type { Running } from '../running.ts';
import type { Store, StoredMachine } from '../store.ts';
import type { Tasks } from '../tasks.ts';

/** What snapshots need of the rest of the engine. */
export interface SnapshotParts {
  store: Store;
  tasks: Tasks;
  holds: Holds;
  definitions: Pick<DefinitionEditor, 'adapt' | 'replace'>;
  running: Pick<Running, 'start' | 'stateOf' | 'get' | 'judge'>;
  /** All machines, those in the bin too */
  all: () => Promise<readonly StoredMachine[]>;
  warn: (machine: StoredMachine, text: string) => void;
  changed: (machine: StoredMachine) => void;
}

/** What is asked of a new snapshot. */
export interface Wish {
  name: string;
  note: string;
  memory: boolean;
  automatic: string | null;
}
