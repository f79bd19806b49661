// SPDX-License-Identifier: Apache-2.0
//
// Gives back what the guest no longer needs. While it runs, its agent tells its file systems to say what is free. While it
// is stopped, each image is written anew without what is empty; one rename exchanges it for the old one.
import { lstat, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isBlockDevice } from '../../contract/block-device.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Task } from '../../contract/task.ts';
import { measure } from '../../disk/convert.ts';
import { locate } from '../../disk/locate.ts';
import { spaceOf } from '../../disk/space.ts';
import { sync } from '../../host/files.ts';
import { requireSpace } from '../free-space.ts';
import { requireDefinition } from '../running.ts';
import type { Runner } from '../runner.ts';
import type { StoredMachine } from '../store.ts';
import type { TaskContext } from '../tasks.ts';
import { findDisk, type FoundDisk } from './find-disk.ts';
import { inspectDisk, requireOwnFile, requireOwnHead, type Chain } from './fit-image.ts';
import { othersThan, type DiskParts } from './parts.ts';
import { rewriteImage, temporaryBeside } from './rewrite.ts';
import { takeDisks } from './take-disks.ts';

const verb = 'be trimmed';
// Less than this is not worth a new file (bytes).
const leastGain = 2 ** 16;

/**
 * @param ref one disk; null: all of them
 * @throws PhyllomeError `disk-refused`, `no-space`, `vmm-lacks`, `machine-state`, ...
 */
export async function trimDisks(parts: DiskParts, machine: StoredMachine, ref: string | null): Promise<Task> {
  const { hold, runner } = await takeDisks(parts, machine, 'be trimmed', 'being trimmed');
  try {
    const work = runner === undefined ? await offline(parts, machine, ref) : online(machine, runner, ref);
    return parts.tasks.run(`Trim the disks of ${machine.name}`, machine.id, async (context) => {
      await using _hold = hold;
      const { freed, notes, details } = await work(context);
      return {
        machineId: machine.id,
        outcome: { text: [...notes].join(' '), facts: { freed, running: runner !== undefined, ...details } },
      };
    });
  } catch (error) {
    await hold.release();
    throw error;
  }
}

type Work = (
  context: TaskContext,
) => Promise<{ freed: number; notes: string[]; details: Record<string, unknown> }>;

function online(machine: StoredMachine, runner: Runner, ref: string | null): Work {
  if (ref !== null)
    throw new PhyllomeError('bad-request', {
      reason: 'a guest that runs trims all its file systems; stop it to trim one disk',
    });
  const { trimGuest } = runner.session();
  if (trimGuest === undefined)
    throw new PhyllomeError('vmm-lacks', {
      vmm: runner.plan?.vmm ?? 'Its VMM',
      verb: 'ask the guest to trim its disks',
      name: machine.name,
    });
  const files = requireDefinition(machine)
    .disks.filter(({ file }) => !isBlockDevice(file))
    .map(({ file }) => locate(machine.directory, file));
  return async ({ progress, signal }) => {
    const before = (await spaceOf(files)).allocated;
    progress('The guest tells which blocks are free', null);
    const fileSystems = await trimGuest(signal);
    const freed = Math.max(0, before - (await spaceOf(files)).allocated);
    const failed = fileSystems.filter(({ problem }) => problem !== null);
    const notes = failed.map(({ path, problem }) => `${path} in the guest could not be trimmed: ${problem}.`);
    if (fileSystems.length === 0) notes.push('The guest has no file system that can be trimmed.');
    return { freed, notes, details: { fileSystems } };
  };
}

interface Trimmable {
  found: FoundDisk;
  chain: Chain;
  needed: number;
}

async function offline(parts: DiskParts, machine: StoredMachine, ref: string | null): Promise<Work> {
  const others = await othersThan(parts, machine);
  const wanted =
    ref === null
      ? requireDefinition(machine).disks.flatMap((disk, index) =>
          isBlockDevice(disk.file) || disk.readOnly ? [] : [findDisk(machine, String(index))],
        )
      : [findDisk(machine, ref)];
  const trimmable: Trimmable[] = [];
  for (const found of wanted) {
    const chain = await inspectDisk(machine, found, verb);
    await requireOwnFile(found, verb);
    await requireOwnHead(machine, found, chain, others, verb);
    const backed = chain.length > 1;
    // Of a head that rests on others, at most what it has itself is written.
    const needed = backed
      ? (await spaceOf([found.path])).allocated
      : (await measure({ file: found.path, format: found.disk.format })).needed;
    await requireSpace(dirname(found.path), needed, `a trimmed copy of ${found.disk.file}`);
    trimmable.push({ found, chain, needed });
  }
  return async (context) => {
    let freed = 0;
    const notes: string[] = [];
    for (const { found, chain } of trimmable) {
      const gained = await trimFile(found, chain, context);
      if (gained === 0) notes.push(`${found.disk.file} has nothing to give back.`);
      freed += gained;
    }
    return { freed, notes, details: { files: trimmable.map(({ found }) => found.disk.file) } };
  };
}

/** @returns bytes that came back */
async function trimFile({ disk, path }: FoundDisk, chain: Chain, context: TaskContext): Promise<number> {
  // The file itself, where the name in the definition is a link: the new one belongs beside it.
  const file = await realpath(path);
  const temporary = temporaryBeside(file);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => rm(temporary, { force: true }));
  const backing = chain[0].header?.backing;
  const source = { file, format: disk.format };
  const rests = backing?.format == null ? {} : { backing: { name: backing.file, format: backing.format } };
  await rewriteImage({ source, target: temporary, format: disk.format, words: disk.file, ...rests }, context);
  const [before, after] = await Promise.all([lstat(file), lstat(temporary)]);
  const gained = (before.blocks - after.blocks) * 512;
  if (gained < leastGain) return 0;
  await rename(temporary, file);
  undo.move();
  await sync(dirname(file));
  return gained;
}
