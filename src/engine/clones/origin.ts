// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MachineDefinition } from '../../contract/machine.ts';
import { machineFiles } from '../../contract/paths.ts';
import { readDefinitionText } from '../definition-file.ts';
import { requireDefinition } from '../running.ts';
import { findSnapshot } from '../snapshots/list.ts';
import { snapshotFolder, type SnapshotRecord } from '../snapshots/record.ts';
import type { Store, StoredMachine } from '../store.ts';

/** What a clone is made from: a machine as it is, or as it was. */
export interface Origin {
  machine: StoredMachine;
  definition: MachineDefinition;
  /** Where firmware/ and tpm/ are */
  state: string;
  /** The text of the definition at the time it is called: the disks may have got new heads meanwhile */
  text(): string;
  /** Its disks are layers that nobody writes to any more */
  snapshot: SnapshotRecord | null;
}

/** @throws PhyllomeError `machine-broken`, `snapshot-not-found`, `snapshot-ambiguous`, `definition-invalid` */
export async function readOrigin(
  machine: StoredMachine,
  snapshot: string | undefined,
  store: Pick<Store, 'find' | 'text'>,
): Promise<Origin> {
  const { id, directory } = machine;
  if (snapshot === undefined) {
    const definition = requireDefinition(machine);
    const text = (): string => store.text(store.find(id));
    return { machine, definition, state: directory, text, snapshot: null };
  }
  const record = await findSnapshot(machine, snapshot);
  const folder = snapshotFolder(directory, record.id);
  const text = readFileSync(join(folder, machineFiles.definition), 'utf8');
  const definition = readDefinitionText(text);
  // The record says which image shows what was on a disk.
  const disks = definition.disks.map((disk, index) => {
    const saved = record.disks.find((one) => one.index === index);
    return saved === undefined ? disk : { ...disk, file: saved.file, format: saved.format };
  });
  return { machine, definition: { ...definition, disks }, state: folder, text: () => text, snapshot: record };
}
