// SPDX-License-Identifier: Apache-2.0
//
// Another format for a disk. The new image is made beside the old one and compared with it; one write of machine.yaml is
// the step from the one to the other; then the old one goes, with what only it rested on.
import { existsSync } from 'node:fs';
import { link, rm } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import { machineFiles } from '../../contract/paths.ts';
import type { Task } from '../../contract/task.ts';
import { measure } from '../../disk/convert.ts';
import { spaceOf } from '../../disk/space.ts';
import { locate } from '../../disk/locate.ts';
import { sync } from '../../host/files.ts';
import { requireSpace } from '../free-space.ts';
import type { StoredMachine } from '../store.ts';
import type { TaskContext } from '../tasks.ts';
import { settleDiskWork, writeDiskJournal } from './disk-journal.ts';
import { findDisk, type FoundDisk } from './find-disk.ts';
import { inspectDisk, refused, requireOwnHead, type Chain } from './fit-image.ts';
import { othersThan, type DiskParts } from './parts.ts';
import { rewriteImage, temporaryBeside } from './rewrite.ts';

const verb = 'be converted';

/** What can be refused is refused at once. @throws PhyllomeError `disk-refused`, `no-space`, `machine-state`, ... */
export async function convertDisk(
  parts: DiskParts,
  machine: StoredMachine,
  ref: string,
  format: 'qcow2' | 'raw',
): Promise<Task> {
  const found = findDisk(machine, ref);
  const { file } = found.disk;
  const hold = await parts.holds.takeFiles(machine, 'have a disk converted', 'having a disk converted');
  try {
    const chain = await inspectDisk(machine, found, verb);
    if (found.disk.format === format)
      throw refused(file, verb, `it is ${format} already`, 'Nothing has to be done.');
    await requireOwnHead(machine, found, chain, await othersThan(parts, machine), verb);
    const { needed } = await measure({ file: found.path, format: found.disk.format });
    await requireSpace(machine.directory, needed, `the ${format} image`);
    return parts.tasks.run(`Convert ${file} of ${machine.name} to ${format}`, machine.id, async (context) => {
      await using _hold = hold;
      return convert(parts, machine, found, chain, format, context);
    });
  } catch (error) {
    await hold.release();
    throw error;
  }
}

async function convert(
  parts: DiskParts,
  machine: StoredMachine,
  { index, disk, path }: FoundDisk,
  chain: Chain,
  format: 'qcow2' | 'raw',
  context: TaskContext,
) {
  const { directory, id } = machine;
  const made = freeName(directory, disk.file, format);
  const target = locate(directory, made);
  const old = chain.map(({ file }) => file);
  const before = (await spaceOf(old)).allocated;
  await using undo = new AsyncDisposableStack();
  await writeDiskJournal(directory, {
    made: [made],
    replaced: old.map((file) => nameIn(directory, file)).filter((name) => name !== null),
  });
  const settle = async (): Promise<string[]> =>
    settleDiskWork(parts.store.find(id), () => othersThan(parts, machine));
  undo.defer(async () => void (await settle()));
  const temporary = temporaryBeside(target);
  undo.defer(() => rm(temporary, { force: true }));
  const source = { file: path, format: disk.format };
  await rewriteImage({ source, target: temporary, format, words: disk.file }, context);
  // Unlike a rename, a link does not replace what somebody gave the name to meanwhile.
  await link(temporary, target);
  await rm(temporary);
  await sync(dirname(target));
  await parts.definitions.adapt(machine, ({ disks }) => {
    if (disks[index]?.file !== disk.file)
      throw new PhyllomeError('definition-changed', { name: machine.name });
    return [
      { path: ['disks', index, 'file'], value: made },
      { path: ['disks', index, 'format'], value: format },
    ];
  });
  undo.move();
  const gone = await settle();
  const kept = isAbsolute(disk.file) ? ` The old image ${disk.file} is still there.` : '';
  const after = (await spaceOf([target])).allocated;
  return {
    machineId: id,
    outcome: {
      text: `${disk.file} is ${made} now, in the format ${format}.${kept}`,
      facts: { file: disk.file, made, format, removed: gone, before, after },
    },
  };
}

/** disks/system.qcow2 becomes disks/system.raw, or disks/system-2.raw where that is taken. */
export function freeName(directory: string, file: string, format: string): string {
  const stem = basename(file, extname(file)).replace(/-\d+$/, '') || 'disk';
  for (let number = 1; ; number += 1) {
    const name = `${machineFiles.disks}/${stem}${number === 1 ? '' : `-${number}`}.${format}`;
    if (!existsSync(join(directory, name))) return name;
  }
}

/** As the definition names an image in disks/; null for others, which are not ours to remove. */
function nameIn(directory: string, file: string): string | null {
  const name = relative(directory, file);
  return /^disks\/[^/]+$/.test(name) ? name : null;
}
