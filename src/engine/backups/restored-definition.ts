// SPDX-License-Identifier: Apache-2.0
//
// The definition of a machine that comes out of a backup. Pure.
import type { MachineDefinition } from '../../contract/machine.ts';
import type { Change } from '../definition-change.ts';
import { isInside } from './backup-record.ts';
import { imagesOf, isDevice } from './machine-parts.ts';

export interface RestoredDefinition {
  changes: Change[];
  /** What the machine lost on the way, in words */
  notes: string[];
  /** Why it cannot be restored, in words; null: it can */
  problem: string | null;
  /** Where each disk that the backup has goes, relative to the new folder */
  files: string[];
}

/**
 * @param trusted the backup is where this PC puts its own. In a backup from anywhere else, somebody may have written which
 *   files of this PC the guest is to see: those are taken out, and said
 */
export function restoredDefinition(definition: MachineDefinition, trusted: boolean): RestoredDefinition {
  const changes: Change[] = [];
  const notes: string[] = [];
  const files: string[] = [];
  for (const { index, disk } of imagesOf(definition)) {
    const { file, format } = disk;
    const own = isInside(file) && file.startsWith('disks/') && !files.includes(file);
    const target = own ? file : freeName(index, format, definition);
    files.push(target);
    if (target === file) continue;
    changes.push({ path: ['disks', index, 'file'], value: target });
    notes.push(`Its disk ${file} is now ${target} in its folder.`);
  }
  if (trusted) return { changes, notes, problem: null, files };

  const { boot, removable, shares, devices } = definition;
  const kernels = boot.type === 'kernel' ? [boot.kernel, boot.initrd ?? 'kernel/initrd'] : [];
  const outside = kernels.find((file) => !isInside(file));
  const problem =
    outside === undefined ? null : `its machine.yaml boots ${outside}, which is a file of this PC`;
  for (const [index, { file }] of removable.entries()) {
    if (file === undefined || isInside(file)) continue;
    changes.push({ path: ['removable', index, 'file'] });
    notes.push(`Its drive ${index} is empty: ${file} is a file of this PC.`);
  }
  for (const [key, list] of Object.entries({ shares, devices })) {
    if (list.length === 0) continue;
    changes.push({ path: [key] });
    notes.push(`It has no ${key} any more, because they are of the PC that made the backup.`);
  }
  // From the last one on, so that an index stays what it is until its turn.
  for (const [index, disk] of [...definition.disks.entries()].toReversed()) {
    if (!isDevice(disk)) continue;
    changes.push({ path: ['disks', index] });
    notes.push(
      `It has no disk ${disk.file} any more, because that is a device of the PC that made the backup.`,
    );
  }
  return { changes, notes, problem, files };
}

function freeName(index: number, format: string, { disks }: MachineDefinition): string {
  const taken = new Set(disks.map(({ file }) => file));
  for (let number = index; ; number += 1) {
    const name = `disks/disk-${number}.${format}`;
    if (!taken.has(name)) return name;
  }
}
