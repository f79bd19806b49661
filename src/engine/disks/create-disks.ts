// SPDX-License-Identifier: Apache-2.0
import type {
  BlockDevice,
  DiskAddition,
  DiskExport,
  DiskGrowth,
  DiskRemoval,
  MachineDisks,
} from '../../contract/disk.ts';
import type { DiskLimits } from '../../contract/machine.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Task } from '../../contract/task.ts';
import { listBlockDevices } from '../../host/block-device.ts';
import { openTree } from '../../host/tree.ts';
import { requireNoTemplate } from '../clones/template.ts';
import type { StoredMachine } from '../store.ts';
import { addDisk } from './add-disk.ts';
import { checkDisk } from './check-disk.ts';
import { convertDisk } from './convert-disk.ts';
import { removeHalfMade, settleDiskWork } from './disk-journal.ts';
import { exportDisk } from './export-disk.ts';
import { growDisk } from './grow-disk.ts';
import { limitDisk } from './limit-disk.ts';
import { listDisks } from './list-disks.ts';
import { othersThan, type DiskParts } from './parts.ts';
import { removeDisk } from './remove-disk.ts';
import { trimDisks } from './trim-disks.ts';

/** Everything people do with the disks of a machine; `disk` is its number or its file. */
export interface Disks {
  list(machine: StoredMachine): Promise<MachineDisks>;
  add(machine: StoredMachine, addition: DiskAddition): Promise<Task>;
  remove(machine: StoredMachine, disk: string, erase: boolean): Promise<DiskRemoval>;
  grow(machine: StoredMachine, disk: string, growth: DiskGrowth): Promise<Task>;
  check(machine: StoredMachine, disk: string, repair: boolean): Promise<Task>;
  trim(machine: StoredMachine, disk: string | null): Promise<Task>;
  convert(machine: StoredMachine, disk: string, format: 'qcow2' | 'raw'): Promise<Task>;
  export(machine: StoredMachine, disk: string, wish: DiskExport): Promise<Task>;
  limit(machine: StoredMachine, disk: string, limits: DiskLimits): Promise<StoredMachine>;
  devices(): BlockDevice[];
  /** Puts in order what a killed service left; never throws */
  recoverAll(): Promise<void>;
}

export interface DisksParts extends DiskParts {
  /** How people know a machine: its name, and that it is in the bin */
  wordsOf: (machine: StoredMachine) => string;
}

export function createDisks(parts: DisksParts): Disks {
  return {
    async list(machine) {
      const others = (await othersThan(parts, machine)).map((other) => ({
        ...other,
        words: parts.wordsOf(other),
      }));
      return listDisks(machine, { others, running: parts.running.get(machine.id) !== undefined });
    },
    add: async (machine, addition) => addDisk(parts, changeable(machine), addition),
    remove: async (machine, disk, erase) => removeDisk(parts, changeable(machine), disk, erase),
    grow: async (machine, disk, growth) => growDisk(parts, changeable(machine), disk, growth),
    check: async (machine, disk, repair) =>
      checkDisk(parts, repair ? changeable(machine) : machine, disk, repair),
    trim: async (machine, disk) => trimDisks(parts, changeable(machine), disk),
    convert: async (machine, disk, format) => convertDisk(parts, changeable(machine), disk, format),
    export: (machine, disk, wish) => exportDisk(parts, machine, disk, wish),
    limit: async (machine, disk, limits) => limitDisk(parts, changeable(machine), disk, limits),
    devices: () => listBlockDevices(openTree('/')),
    async recoverAll() {
      for (const machine of parts.store.list()) {
        try {
          // Somebody else's service may be at work in it.
          if (parts.running.get(machine.id) !== undefined) continue;
          await removeHalfMade(machine.directory);
          await settleDiskWork(machine, () => othersThan(parts, machine));
        } catch (error) {
          parts.warn(machine, `Work on its disks was interrupted: ${PhyllomeError.from(error).message}`);
        }
      }
    },
  };
}

/** What a template holds stays as it is: clones rest on it. @throws PhyllomeError `machine-template` */
function changeable(machine: StoredMachine): StoredMachine {
  requireNoTemplate(machine, 'have its disks changed');
  return machine;
}
