// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { machineFiles } from '../../contract/paths.ts';
import type { MachineDefinition } from '../../contract/machine.ts';
import { backingOf } from '../../disk/chain.ts';
import { locate } from '../../disk/locate.ts';
import { isUntouched } from '../../disk/qcow2-file.ts';
import { readDefinitionText } from '../definition-file.ts';
import { hasSaved } from '../saved-state.ts';
import type { StoredMachine } from '../store.ts';
import { inspectDisks } from './heads.ts';
import { snapshotFolder, type SnapshotRecord } from './record.ts';
import { smallFolders } from './stage.ts';

/** Whether a machine that does not run is still what the snapshot holds, so that nothing would be lost. Doubt means no. */
export async function isAsTaken(
  { directory, definition }: StoredMachine,
  text: string,
  record: SnapshotRecord,
): Promise<boolean> {
  const folder = snapshotFolder(directory, record.id);
  if (definition === null || record.memory !== hasSaved(directory)) return false;
  const taken = readDefinitionText(await readFile(join(folder, machineFiles.definition), 'utf8'));
  if (withoutHeads(taken) !== withoutHeads(readDefinitionText(text))) return false;
  const sizes = await inspectDisks(directory, record.disks);
  for (const [place, { index, file }] of record.disks.entries()) {
    const head = locate(directory, definition.disks[index]?.file ?? '');
    if ((await backingOf(head))?.file !== resolve(locate(directory, file))) return false;
    if (!(await isUntouched(head, sizes[place] ?? 0))) return false;
  }
  for (const name of smallFolders)
    if (!(await isSameFolder(join(directory, name), join(folder, name)))) return false;
  return true;
}

function withoutHeads({ disks, name: _, ...rest }: MachineDefinition): string {
  return JSON.stringify({ ...rest, disks: disks.map(({ file: __, format: ___, ...disk }) => disk) });
}

async function isSameFolder(one: string, other: string): Promise<boolean> {
  if (!existsSync(one) || !existsSync(other)) return existsSync(one) === existsSync(other);
  for (const entry of await readdir(one, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /\.(sock|lock|pid)$/.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    const twin = join(other, file.slice(one.length));
    if (!existsSync(twin) || !(await readFile(file)).equals(await readFile(twin))) return false;
  }
  return true;
}
