// SPDX-License-Identifier: Apache-2.0
//
// Looks for damage in the tables of a disk and of all it rests on, and repairs its head when asked. Only tables: what a
// guest has in its files, it has to check itself.
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { Task } from '../../contract/task.ts';
import { checkImage, type CheckResult } from '../../disk/check.ts';
import { copySparsely } from '../../disk/copy-sparsely.ts';
import { spaceOf } from '../../disk/space.ts';
import { sync } from '../../host/files.ts';
import { requireSpace } from '../free-space.ts';
import type { StoredMachine } from '../store.ts';
import type { TaskContext } from '../tasks.ts';
import { findDisk, type FoundDisk } from './find-disk.ts';
import { inspectDisk, refused, requireOwnFile, type Chain } from './fit-image.ts';
import type { DiskParts } from './parts.ts';

interface Findings extends CheckResult {
  file: string;
}

/** @throws PhyllomeError `disk-refused`, `disk-damaged`, `disk-outside`, `machine-state`, ... */
export async function checkDisk(
  parts: DiskParts,
  machine: StoredMachine,
  ref: string,
  repair: boolean,
): Promise<Task> {
  const found = findDisk(machine, ref);
  const { file } = found.disk;
  const hold = await parts.holds.takeFiles(machine, 'have a disk checked', 'having a disk checked');
  try {
    const chain = await inspectDisk(machine, found, 'be checked', { damaged: true });
    if (repair) await requireOwnFile(found, 'be repaired');
    return parts.tasks.run(`Check ${file} of ${machine.name}`, machine.id, async (context) => {
      await using _hold = hold;
      return check(machine, found, chain, repair, context);
    });
  } catch (error) {
    await hold.release();
    throw error;
  }
}

async function check(
  machine: StoredMachine,
  found: FoundDisk,
  chain: Chain,
  repair: boolean,
  { signal, progress }: TaskContext,
) {
  const words = (file: string): string =>
    file.startsWith(machine.directory + sep) ? relative(machine.directory, file) : file;
  const findings: Findings[] = [];
  for (const [number, { file, format }] of chain.entries()) {
    progress(`Checking ${words(file)}`, number / chain.length);
    // A raw image has no tables that could be wrong.
    if (format === 'qcow2') findings.push({ file: words(file), ...(await checkImage(file, null, signal)) });
  }
  const [head] = findings;
  const own = chain[0].format === 'qcow2' && head !== undefined && isBad(head) ? head : null;
  const repaired =
    repair && own !== null ? await repairHead(machine, found, own, { signal, progress }) : null;
  const text = [
    ...(findings.length === 0 ? [`${found.disk.file} is raw: it has no tables that could be damaged.`] : []),
    ...findings.map((one, index) => findingText(one, index === 0 ? repaired : null)),
    ...(repaired?.copy == null ? [] : [`A copy from before the repair is ${repaired.copy}.`]),
  ];
  const corruptions =
    sum(findings, 'corruptions') - (repaired?.before.corruptions ?? 0) + (repaired?.after.corruptions ?? 0);
  const leaks = sum(findings, 'leaks') - (repaired?.before.leaks ?? 0) + (repaired?.after.leaks ?? 0);
  return {
    machineId: machine.id,
    outcome: {
      text: text.join(' '),
      facts: {
        sound: corruptions === 0 && leaks === 0 && sum(findings, 'errors') === 0,
        corruptions,
        leaks,
        images: findings,
        ...(repaired !== null && { repaired: repaired.after, copy: repaired.copy }),
      },
    },
  };
}

const isBad = ({ corruptions, leaks }: CheckResult): boolean => corruptions > 0 || leaks > 0;
const sum = (list: readonly CheckResult[], key: 'corruptions' | 'leaks' | 'errors'): number =>
  list.reduce((total, one) => total + one[key], 0);

interface Repair {
  before: CheckResult;
  after: CheckResult;
  copy: string | null;
}

/**
 * Leaks are given back in place: that touches no content. Where tables are corrupt, a repair has to guess, so a copy is kept.
 * @throws PhyllomeError `no-space` when there is no room for one; nothing was changed then
 */
async function repairHead(
  { directory }: StoredMachine,
  { disk, path }: FoundDisk,
  before: Findings,
  { signal, progress }: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<Repair> {
  let copy: string | null = null;
  if (before.corruptions > 0) {
    progress('Keeping a copy', null);
    const file = copyName(path);
    const { allocated } = await spaceOf([path]);
    await copySparsely(path, file, {
      signal,
      beforeWriting: () => requireSpace(dirname(file), allocated, 'a copy from before the repair'),
    });
    copy = file.startsWith(directory + sep) ? relative(directory, file) : file;
  }
  progress('Repairing it', null);
  // Not to be interrupted: half a repair is worse than none.
  const after = await checkImage(path, before.corruptions > 0 ? 'all' : 'leaks');
  await sync(path);
  if (after.corruptions > 0) {
    const reason = `${after.corruptions} damaged place(s) could not be repaired`;
    const next =
      copy === null
        ? 'Go back to a snapshot or a backup.'
        : `Go back to a snapshot or a backup, or to ${copy}.`;
    throw refused(disk.file, 'be repaired', reason, next);
  }
  return { before, after, copy };
}

/** disks/system.qcow2 -> disks/system.before-repair.qcow2, numbered where there is one already. */
function copyName(path: string): string {
  const stem = basename(path).replace(/\.(qcow2|raw|img)$/, '');
  for (let number = 1; ; number += 1) {
    const file = join(dirname(path), `${stem}.before-repair${number === 1 ? '' : `-${number}`}.qcow2`);
    if (!existsSync(file)) return file;
  }
}

function findingText({ file, corruptions, leaks, errors }: Findings, repaired: Repair | null): string {
  const found = [
    ...(corruptions > 0 ? [`${corruptions} damaged place(s): what the guest has there may be lost`] : []),
    ...(leaks > 0 ? [`${leaks} lost cluster(s), which cost space and nothing else`] : []),
    ...(errors > 0 ? [`${errors} place(s) that could not be read`] : []),
  ];
  if (found.length === 0) return `${file} is sound.`;
  const now = repaired === null ? '' : ' Repaired.';
  return `${file} has ${found.join(', ')}.${now}`;
}
