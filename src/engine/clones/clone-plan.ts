// SPDX-License-Identifier: Apache-2.0
//
// What has to be done for each file of the machine that is cloned. Looks at files, and changes nothing.
import { existsSync } from 'node:fs';
import { basename, extname, isAbsolute, normalize, relative } from 'node:path';
import type { Disk, MachineDefinition } from '../../contract/machine.ts';
import type { ImageFile } from '../../disk/overlay.ts';
import { locate } from '../../disk/locate.ts';
import type { Change } from '../definition-change.ts';
import { isLayerName } from '../snapshots/record.ts';
import { chainFiles, isInside, notLinked } from './chain-files.ts';
import type { Origin } from './origin.ts';

/** A disk the guest writes to. */
export interface PlannedDisk {
  index: number;
  /** In the folder of the machine, or an absolute path; as its definition says */
  file: string;
  format: Disk['format'];
  /** What it rests on, itself first; only for a linked clone */
  chain: readonly ImageFile[];
  /** Its name in the folder of a full clone */
  copy: string;
}

export interface ClonePlan {
  disks: PlannedDisk[];
  /** Files that nobody writes to, in the folder (relative to it) */
  fixed: { file: string; how: 'share' | 'copy' }[];
  changes: Change[];
  notes: string[];
}

/** @throws PhyllomeError `clone-not-linked`, and what is wrong with a disk */
export async function planClone(origin: Origin, full: boolean): Promise<ClonePlan> {
  const { definition, machine } = origin;
  const plan: ClonePlan = { disks: [], fixed: [], changes: [], notes: [] };
  const names = new Set(definition.disks.map(({ file }) => file));
  for (const [index, { file, format, readOnly }] of definition.disks.entries()) {
    const path = ['disks', index, 'file'];
    const shared = readOnly && !(full && isInside(machine.directory, locate(machine.directory, file)));
    if (shared) {
      await planFixedDisk(plan, origin, { path, file, format });
      continue;
    }
    const chain = full ? [] : await chainOf(origin, { file, format });
    const copy = full ? nameOfCopy(file, format, names) : file;
    if (copy !== file) plan.changes.push({ path, value: copy });
    plan.disks.push({ index, file, format, chain, copy });
  }
  for (const { path, file, large } of otherFiles(definition))
    planFixed(plan, machine.directory, path, file, large && !full ? 'share' : 'copy');
  return plan;
}

async function chainOf(
  { machine }: Origin,
  { file, format }: Pick<Disk, 'file' | 'format'>,
): Promise<ImageFile[]> {
  if (file.startsWith('/dev/')) throw notLinked(machine, `its disk ${file} is a whole device of this PC`);
  if (isAbsolute(file)) throw notLinked(machine, `its disk ${file} lies outside of its folder`);
  const inDisks: boolean = isLayerName(file);
  if (!inDisks) throw notLinked(machine, `its disk ${file} does not lie in the folder "disks"`);
  return chainFiles(machine, { file: locate(machine.directory, file), format });
}

/** A disk that is only read is the same for both, with what it rests on. */
async function planFixedDisk(
  plan: ClonePlan,
  { machine }: Origin,
  { path, file, format }: { path: Change['path'] } & Pick<Disk, 'file' | 'format'>,
): Promise<void> {
  const { directory } = machine;
  const inside = insideName(directory, file);
  if (inside === null) {
    plan.notes.push(`Both machines read the disk ${file}, which stays where it is.`);
    return;
  }
  const chain = await chainFiles(machine, { file: locate(directory, inside), format });
  for (const image of chain) plan.fixed.push({ file: relative(directory, image.file), how: 'share' });
  if (inside !== file) plan.changes.push({ path, value: inside });
}

function planFixed(
  plan: ClonePlan,
  directory: string,
  path: Change['path'],
  file: string,
  how: 'share' | 'copy',
): void {
  const inside = insideName(directory, file);
  // One that is missing is missing in the clone, too; its start says so.
  if (inside === null || !existsSync(locate(directory, inside))) return;
  plan.fixed.push({ file: inside, how });
  if (inside !== file) plan.changes.push({ path, value: inside });
}

function otherFiles({
  boot,
  removable,
}: MachineDefinition): { path: Change['path']; file: string; large: boolean }[] {
  const ofBoot =
    boot.type === 'kernel'
      ? [
          // Somebody may replace a kernel in place, and means one machine.
          { path: ['boot', 'kernel'], file: boot.kernel, large: false },
          ...(boot.initrd === undefined
            ? []
            : [{ path: ['boot', 'initrd'], file: boot.initrd, large: false }]),
        ]
      : [];
  const media = removable.flatMap(({ file }, index) =>
    file === undefined ? [] : [{ path: ['removable', index, 'file'], file, large: true }],
  );
  return [...ofBoot, ...media];
}

/** The name of a file relative to the folder it is in; null when it is elsewhere. */
function insideName(directory: string, file: string): string | null {
  const path = locate(directory, file);
  if (!isInside(directory, path)) return null;
  return isAbsolute(file) ? relative(directory, path) : normalize(file);
}

/** As it is called where it lies in the folder; a disk from elsewhere gets a name in it. */
function nameOfCopy(file: string, format: Disk['format'], names: Set<string>): string {
  if (isLayerName(file)) return file;
  const stem = basename(file, extname(file)) || 'disk';
  for (let number = 1; ; number += 1) {
    const name = `disks/${stem}${number === 1 ? '' : `-${number}`}.${format}`;
    if (names.has(name)) continue;
    names.add(name);
    return name;
  }
}
