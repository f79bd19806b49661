// SPDX-License-Identifier: Apache-2.0
//
// Makes a disk larger, never smaller. A grown disk holds what it held; the definition follows.
import type { DiskGrowth } from '../../contract/disk.ts';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { formatSize } from '../../contract/size.ts';
import type { Task } from '../../contract/task.ts';
import { inspectImage } from '../../disk/inspect.ts';
import { runQemuImg } from '../../disk/qemu-img.ts';
import { sync } from '../../host/files.ts';
import type { Hold } from '../holds.ts';
import type { Runner } from '../runner.ts';
import type { StoredMachine } from '../store.ts';
import { findDisk, type FoundDisk } from './find-disk.ts';
import { inspectDisk, requireOwnFile } from './fit-image.ts';
import { takeDisks } from './take-disks.ts';
import type { DiskParts } from './parts.ts';

const verb = 'be grown';
const sector = 512;
const largest = 2 ** 46; // of a disk in a definition, too

/** What can be refused is refused at once. @throws PhyllomeError `disk-shrink`, `bad-request`, `machine-state`, ... */
export async function growDisk(
  parts: DiskParts,
  machine: StoredMachine,
  ref: string,
  growth: DiskGrowth,
): Promise<Task> {
  const found = findDisk(machine, ref);
  const { file } = found.disk;
  const { hold, runner } = await takeDisks(parts, machine, 'have a disk grown', 'having a disk grown');
  const before = await sizesOf(machine, found, runner, growth).catch(async (error: unknown) => {
    await hold.release();
    throw error;
  });
  return parts.tasks.run(`Grow ${file} of ${machine.name}`, machine.id, async ({ progress }) => {
    await using _hold: Hold = hold;
    progress(`Growing it to ${formatSize(before.wanted)}`, null);
    if (runner === undefined) await growFile(found, before.wanted);
    else await growLive(machine, found, runner, before.wanted);
    const late = await follow(parts, machine, found, before.wanted);
    return {
      machineId: machine.id,
      outcome: {
        text: `${file} has ${formatSize(before.wanted)} now.${late}`,
        facts: {
          file,
          before: before.now,
          size: before.wanted,
          bus: found.disk.bus,
          running: runner !== undefined,
          guestOs: machine.definition?.guestOs ?? 'generic',
        },
      },
    };
  });
}

/** Everything that keeps a disk from being grown so. */
async function sizesOf(
  machine: StoredMachine,
  found: FoundDisk,
  runner: Runner | undefined,
  { size, by }: DiskGrowth,
): Promise<{ now: number; wanted: number }> {
  if ((size === undefined) === (by === undefined))
    throw new PhyllomeError('bad-request', {
      reason: 'say how large it is to be, or how much it is to grow by',
    });
  // A guest that runs may be writing just now, so only where the image reaches to can be looked at; its VMM has the key.
  const running = runner !== undefined;
  const [head] = await inspectDisk(machine, found, verb, { damaged: running, encrypted: running });
  await requireOwnFile(found, verb);
  const now = head.virtualSize;
  const wanted = size ?? now + (by as number);
  if (wanted % sector !== 0)
    throw new PhyllomeError('bad-request', { reason: `a disk consists of sectors of ${sector} bytes` });
  if (wanted > largest)
    throw new PhyllomeError('bad-request', { reason: `a disk has at most ${formatSize(largest)}` });
  if (wanted < now) {
    const sizes = { size: formatSize(now), wanted: formatSize(wanted) };
    throw new PhyllomeError('disk-shrink', { file: found.disk.file, ...sizes });
  }
  if (runner !== undefined && runner.session().disks === undefined)
    throw new PhyllomeError('vmm-lacks', {
      vmm: runner.plan?.vmm ?? 'Its VMM',
      verb: 'grow a disk',
      name: machine.name,
    });
  return { now, wanted };
}

/** Only the head grows: what it rests on stays as it is. A kill leaves the old size or the new one. */
async function growFile({ disk, path }: FoundDisk, wanted: number): Promise<void> {
  await runQemuImg(['resize', '-q', '-f', disk.format, path, String(wanted)], 'disk', path);
  await sync(path);
}

async function growLive(
  { directory }: StoredMachine,
  { disk, path }: FoundDisk,
  runner: Runner,
  wanted: number,
): Promise<void> {
  await runner.session().disks?.resize(path, wanted);
  let grown = 0;
  await inspectImage({
    file: path,
    format: disk.format,
    directory,
    damaged: true,
    onImage: (image) => void (grown ||= image.virtualSize),
  });
  if (grown < wanted) {
    const reason = `its VMM says that it has grown, but it has ${formatSize(grown)}`;
    throw new PhyllomeError('file-unreadable', { what: 'disk', file: path, reason });
  }
}

/** `size` in the definition follows where it is said. @returns words when that did not work; the disk has grown then */
async function follow(
  { definitions }: DiskParts,
  machine: StoredMachine,
  { index, disk }: FoundDisk,
  wanted: number,
): Promise<string> {
  try {
    await definitions.adapt(machine, ({ disks }) => {
      const now = disks[index];
      if (now?.file !== disk.file || now.size === undefined || now.size === wanted) return [];
      return [{ path: ['disks', index, 'size'], value: wanted }];
    });
    return '';
  } catch (error) {
    return ` Its definition could not be changed and still says another size: ${reasonOf(error)}`;
  }
}
