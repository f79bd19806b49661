// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Snapshot, SnapshotTree } from '../../contract/snapshot.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { locate } from '../../disk/locate.ts';
import { spaceOf } from '../../disk/space.ts';
import type { StoredMachine } from '../store.ts';
import { childrenOf, neededImages } from './needed.ts';
import { readRecords, snapshotFiles, snapshotFolder, type SnapshotRecord } from './record.ts';
import { readCurrent } from './stage.ts';

/** The snapshots of a machine, as people see them. Opens no image beyond its header. */
export async function listSnapshots(machine: StoredMachine): Promise<SnapshotTree> {
  const { directory } = machine;
  const { records, problems } = await readRecords(directory);
  const current = await readCurrent(directory);
  const known = new Set(records.map(({ id }) => id));
  const sound = await Promise.all(records.map((record) => view(machine, record, records)));
  return {
    current: current !== null && known.has(current) ? current : null,
    snapshots: [
      // A parent that is gone, as in a folder that was copied without it, makes it the first of its own tree.
      ...sound.map((one) => ({
        ...one,
        parent: one.parent !== null && known.has(one.parent) ? one.parent : null,
      })),
      ...problems.map(({ id, reason }) => damaged(id, reason)),
    ],
  };
}

async function view(
  machine: StoredMachine,
  record: SnapshotRecord,
  records: readonly SnapshotRecord[],
): Promise<Snapshot> {
  const { id, name, note, takenAt, parent, memory, automatic, disks } = record;
  const folder = snapshotFolder(machine.directory, id);
  const missing = disks.map(({ file }) => file).find((file) => !existsSync(locate(machine.directory, file)));
  return {
    id,
    name,
    note,
    takenAt,
    parent,
    memory,
    automatic,
    picture: existsSync(join(folder, snapshotFiles.picture)),
    bytes: await freedBy(machine, record, records),
    problem: missing === undefined ? null : `Its file ${missing} is missing.`,
  };
}

/** What only this snapshot needs. Merging a layer with the next one frees some more; how much, only the merge can tell. */
async function freedBy(
  machine: StoredMachine,
  { id, disks }: SnapshotRecord,
  records: readonly SnapshotRecord[],
): Promise<number> {
  const { directory } = machine;
  const folder = snapshotFolder(directory, id);
  const own = (await readdir(folder, { recursive: true })).map((name) => join(folder, name));
  const others = records.filter((record) => record.id !== id);
  const { all } = await neededImages(machine, others, []);
  for (const { file } of disks) {
    const path = resolve(locate(directory, file));
    if (!all.has(path) && (await childrenOf(directory, path)).length === 0) own.push(path);
  }
  return (await spaceOf(own)).freed;
}

function damaged(id: string, problem: string): Snapshot {
  const nothing = {
    note: '',
    takenAt: '',
    parent: null,
    memory: false,
    automatic: null,
    picture: false,
    bytes: 0,
  };
  return { id, name: id, ...nothing, problem };
}

/** @throws PhyllomeError `snapshot-not-found`, `snapshot-ambiguous`, `snapshot-damaged` */
export async function findSnapshot(machine: StoredMachine, ref: string): Promise<SnapshotRecord> {
  const { records, problems } = await readRecords(machine.directory);
  const broken = problems.find(({ id }) => id === ref);
  if (broken !== undefined)
    throw new PhyllomeError('snapshot-damaged', { name: machine.name, reason: broken.reason });
  const matches = records.filter(({ id, name }) => id === ref || name === ref);
  const [found] = matches;
  if (found === undefined) throw new PhyllomeError('snapshot-not-found', { name: machine.name, ref });
  if (matches.length === 1) return found;
  const ids = matches.map(({ id }) => id).join(', ');
  throw new PhyllomeError('snapshot-ambiguous', { name: machine.name, ref, matches: ids });
}
