// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Disk, MachineDefinition } from '../../contract/machine.ts';
import { locate } from '../../disk/locate.ts';
import { requireDefinition } from '../running.ts';
import type { StoredMachine } from '../store.ts';

export interface FoundDisk {
  index: number;
  disk: Disk;
  /** Absolute */
  path: string;
}

/**
 * Finds a disk by its number in the definition ("0"), its file ("disks/system.qcow2") or the last part of that.
 * @throws PhyllomeError `disk-not-found`, `machine-broken`
 */
export function findDisk(machine: StoredMachine, ref: string): FoundDisk {
  const definition = requireDefinition(machine);
  const index = indexOf(definition, ref);
  const disk = definition.disks[index];
  if (disk === undefined) {
    const files = definition.disks.map(({ file }, number) => `${number} (${file})`);
    const known = files.length === 0 ? 'It has none.' : `It has ${files.join(', ')}.`;
    throw new PhyllomeError('disk-not-found', { name: machine.name, disk: ref, known });
  }
  return { index, disk, path: locate(machine.directory, disk.file) };
}

function indexOf({ disks }: MachineDefinition, ref: string): number {
  const exact = disks.findIndex(({ file }) => file === ref);
  if (exact !== -1) return exact;
  if (/^\d{1,2}$/.test(ref)) return Number(ref);
  const alike = disks.flatMap(({ file }, index) => (basename(file) === ref ? [index] : []));
  return alike.length === 1 ? (alike[0] as number) : -1;
}
