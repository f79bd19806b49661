// SPDX-License-Identifier: Apache-2.0
//
// Another disk for a machine: a new one, a copy of an image, one of its own images that nothing uses, or a whole device.
import { link, mkdir, rm } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { isBlockDevice } from '../../contract/block-device.ts';
import type { DiskAddition } from '../../contract/disk.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Disk } from '../../contract/machine.ts';
import type { Task } from '../../contract/task.ts';
import { copyDisk } from '../../disk/convert.ts';
import { formatOfFile } from '../../disk/format-of-file.ts';
import { inspectImage } from '../../disk/inspect.ts';
import { locate } from '../../disk/locate.ts';
import { createImage } from '../../disk/create.ts';
import { sync } from '../../host/files.ts';
import { openTree } from '../../host/tree.ts';
import type { Change } from '../definition-change.ts';
import { requireDevice } from '../block-devices.ts';
import { requireUnencrypted } from '../encryption/require-unencrypted.ts';
import { examineMedium, type Medium } from '../medium.ts';
import { requireDefinition } from '../running.ts';
import type { StoredMachine } from '../store.ts';
import type { TaskContext } from '../tasks.ts';
import { freeName } from './convert-disk.ts';
import { settleDiskWork, writeDiskJournal } from './disk-journal.ts';
import { refused } from './fit-image.ts';
import { imagesOf, whoNeeds } from './needed.ts';
import { othersThan, type DiskParts } from './parts.ts';
import { temporaryBeside } from './rewrite.ts';

type Draft = Pick<Disk, 'file' | 'format'> & Partial<Pick<Disk, 'size' | 'device' | 'cache'>>;
type Plan = { draft: Draft; make: ((target: string, context: TaskContext) => Promise<void>) | null };

/** What can be refused is refused at once. @throws PhyllomeError `bad-request`, `device-refused`, and as for a medium */
export async function addDisk(
  parts: DiskParts,
  machine: StoredMachine,
  addition: DiskAddition,
): Promise<Task> {
  // A new image would be readable by everybody.
  requireUnencrypted(requireDefinition(machine), 'get a disk');
  const hold = await parts.holds.takeFiles(machine, 'get a disk', 'getting a disk');
  try {
    const plan = await planAddition(parts, machine, addition);
    return parts.tasks.run(`Add ${plan.draft.file} to ${machine.name}`, machine.id, async (context) => {
      await using _hold = hold;
      await carryOut(parts, machine, plan, addition, context);
      return {
        machineId: machine.id,
        outcome: {
          text: `${plan.draft.file} is a disk of ${machine.name} from its next start on.`,
          facts: { ...plan.draft, bus: addition.bus ?? 'virtio' },
        },
      };
    });
  } catch (error) {
    await hold.release();
    throw error;
  }
}

async function planAddition(parts: DiskParts, machine: StoredMachine, addition: DiskAddition): Promise<Plan> {
  const { size, file, device, identity, format = 'qcow2' } = addition;
  if (device !== undefined) {
    if (size !== undefined || file !== undefined)
      throw new PhyllomeError('bad-request', { reason: 'a device has a size and a content of its own' });
    return { draft: await planDevice(device, identity), make: null };
  }
  if (file !== undefined) {
    const own = await ownImage(parts, machine, file);
    if (own !== null) {
      if (size !== undefined)
        throw new PhyllomeError('bad-request', { reason: 'it keeps its size; grow it once it is a disk' });
      return { draft: own, make: null };
    }
    return planCopy(parts, machine, addition, file, format);
  }
  if (size === undefined)
    throw new PhyllomeError('bad-request', {
      reason: 'say how large it is to be, or which image it is to hold',
    });
  const draft = { file: freeName(machine.directory, 'disk', format), format, size };
  return { draft, make: (target) => createImage({ file: target, format, size }) };
}

/** Only what says by itself that it is the one meant, and that nothing of this PC uses. */
async function planDevice(file: string, identity: string | undefined): Promise<Draft> {
  if (!isBlockDevice(file))
    throw new PhyllomeError('bad-request', { reason: `"${file}" is no device: those are below /dev` });
  const facts = await requireDevice(openTree('/'), { file, device: identity ?? '', readOnly: false });
  return { file: facts.file, format: 'raw', device: facts.identity, cache: 'none' };
}

/** An image in the machine's folder that nothing uses becomes a disk as it is. */
async function ownImage(parts: DiskParts, machine: StoredMachine, file: string): Promise<Draft | null> {
  const { directory } = machine;
  const path = locate(directory, file);
  if (!imagesOf(directory).includes(path)) return null;
  const name = `disks/${basename(path)}`;
  const users = (await whoNeeds(machine, await othersThan(parts, machine), null))(path);
  if (users.length > 0)
    throw refused(name, 'be added', `${users.join(' and ')} needs it as it is`, 'Make a copy of it first.');
  const format = await formatOfFile(path);
  if (format !== 'qcow2' && format !== 'raw')
    throw refused(
      name,
      'be added',
      `a machine cannot write the format ${format}`,
      'Move it elsewhere, and add a copy.',
    );
  await inspectImage({ file: path, format, directory });
  return { file: name, format };
}

async function planCopy(
  parts: DiskParts,
  machine: StoredMachine,
  { size }: DiskAddition,
  file: string,
  format: 'qcow2' | 'raw',
): Promise<Plan> {
  const medium = (await examineMedium(
    { file, use: 'copy-disk', ...(size !== undefined && { diskSize: size }) },
    { machines: machine.directory, others: async () => [...(await parts.others())] },
  )) as Extract<Medium, { use: 'copy-disk' }>;
  const { source, grown, diskSize, bytes } = medium;
  const name = freeName(
    machine.directory,
    basename(file, extname(file)).replaceAll(/[^\w.-]+/g, '-'),
    format,
  );
  return {
    draft: { file: name, format },
    make: async (target, { signal, progress }) => {
      const onProgress = (fraction: number): void =>
        progress(`Copying ${basename(file)}`, fraction, { done: Math.round(fraction * bytes), total: bytes });
      await copyDisk({ source, target, format, grownTo: grown ? diskSize : null, signal, onProgress });
      progress('Storing it safely', null);
      await sync(target);
      signal.throwIfAborted();
    },
  };
}

/** The image is there, whole and under its name, before the definition names it. */
async function carryOut(
  parts: DiskParts,
  machine: StoredMachine,
  { draft, make }: Plan,
  { bus }: DiskAddition,
  context: TaskContext,
): Promise<void> {
  const { directory, id } = machine;
  await using undo = new AsyncDisposableStack();
  if (make !== null) {
    const target = locate(directory, draft.file);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeDiskJournal(directory, { made: [draft.file], replaced: [] });
    const settle = async (): Promise<void> =>
      void (await settleDiskWork(parts.store.find(id), () => othersThan(parts, machine)));
    undo.defer(settle);
    const temporary = temporaryBeside(target);
    undo.defer(() => rm(temporary, { force: true }));
    await make(temporary, context);
    await link(temporary, target);
    await sync(dirname(target));
  }
  await parts.definitions.adapt(machine, ({ disks }): Change[] => [
    { path: ['disks', disks.length], value: { ...draft, ...(bus !== undefined && { bus }) } },
  ]);
  // The record goes, and what is half-made; what the definition names stays.
  await undo.disposeAsync();
}
