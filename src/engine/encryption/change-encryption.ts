// SPDX-License-Identifier: Apache-2.0
//
// Encrypts the disks of a machine, or ends it. At every moment the folder holds the machine as it was or as it will be: a
// copy of each disk is made beside it and compared, one write of machine.yaml is the step from the ones to the others, and
// only then the old images go (disks/disk-journal.ts, which also puts in order what a killed service left).
import { link, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { isBlockDevice } from '../../contract/block-device.ts';
import type { KeyHolder } from '../../contract/encryption.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Disk, MachineDefinition } from '../../contract/machine.ts';
import { machineFiles } from '../../contract/paths.ts';
import type { Task } from '../../contract/task.ts';
import type { DiskKey } from '../../disk/disk-key.ts';
import { copyEncrypted, sameAsCopy } from '../../disk/encrypted-copy.ts';
import { copyDiffers } from '../../disk/convert.ts';
import { isEncrypted } from '../../disk/encrypted-image.ts';
import { inspectImage } from '../../disk/inspect.ts';
import { layersOf } from '../../disk/layers.ts';
import { locate } from '../../disk/locate.ts';
import { spaceOf } from '../../disk/space.ts';
import { sync } from '../../host/files.ts';
import { freeName } from '../disks/convert-disk.ts';
import { settleDiskWork, writeDiskJournal } from '../disks/disk-journal.ts';
import { imagesOf, whoNeeds } from '../disks/needed.ts';
import { othersThan, type DiskParts } from '../disks/parts.ts';
import { temporaryBeside } from '../disks/rewrite.ts';
import type { Hold } from '../holds.ts';
import { requireSpace } from '../free-space.ts';
import { requireDefinition } from '../running.ts';
import { listSnapshots } from '../snapshots/list.ts';
import type { StoredMachine } from '../store.ts';
import type { TaskContext } from '../tasks.ts';
import type { DiskKeys } from './disk-keys.ts';

export interface EncryptionParts extends DiskParts {
  diskKeys: DiskKeys;
}

type Done = 'encrypted' | 'decrypted';

/** A disk that is to be replaced by a copy. */
interface Exchange {
  index: number;
  disk: Disk;
  path: string;
  /** The images that it rests on, itself first */
  chain: string[];
}

/** What can be refused is refused at once. @throws PhyllomeError `encryption-refused`, `passphrase-wrong`, ... */
export async function encryptMachine(
  parts: EncryptionParts,
  machine: StoredMachine,
  passphrase: string,
  holder: KeyHolder,
): Promise<Task> {
  return withHold(parts, machine, 'encrypted', async (definition, hold) => {
    const exchanges = await examine(parts, machine, definition, 'encrypted');
    if (definition.encryption !== undefined && exchanges.length === 0)
      throw refused(machine, 'encrypted', 'they are already', 'Nothing has to be done.');
    // What is encrypted already has its key, and all disks of a machine share one.
    const held = await imagesWithKey(machine);
    const old = held.length === 0 ? null : await parts.diskKeys.unlock(machine, passphrase);
    if (held.length > 0 && old === null)
      throw refused(
        machine,
        'encrypted',
        `nobody has the key of ${held[0]}`,
        'Put key.json back from a copy or a backup.',
      );
    const made = old === null ? await parts.diskKeys.make(machine.name, passphrase, holder) : null;
    return parts.tasks.run(`Encrypt the disks of ${machine.name}`, machine.id, async (context) => {
      await using _hold = hold;
      await using undo = new AsyncDisposableStack();
      if (made !== null) undo.defer(() => made.forget());
      const key = old ?? (made?.key as DiskKey);
      const change = { encrypt: true, key, exchanges, keep: () => made?.write(machine.directory) };
      await exchange(parts, machine, change, definition.encryption?.key ?? holder, context);
      undo.move();
      return machine.id;
    });
  });
}

/** @throws as `encryptMachine` */
export async function decryptMachine(
  parts: EncryptionParts,
  machine: StoredMachine,
  passphrase: string | undefined,
): Promise<Task> {
  return withHold(parts, machine, 'decrypted', async (definition, hold) => {
    if (definition.encryption === undefined)
      throw new PhyllomeError('machine-not-encrypted', { name: machine.name });
    const exchanges = await examine(parts, machine, definition, 'decrypted');
    const key = await parts.diskKeys.unlock(machine, passphrase);
    if (key === null && exchanges.length > 0)
      throw refused(
        machine,
        'decrypted',
        'key.json is not in its folder',
        'Put it back from a copy or a backup.',
      );
    return parts.tasks.run(`Decrypt the disks of ${machine.name}`, machine.id, async (context) => {
      await using _hold = hold;
      const change = { encrypt: false, key: key as DiskKey, exchanges, keep: () => undefined };
      await exchange(parts, machine, change, null, context);
      await removeKey(machine);
      return machine.id;
    });
  });
}

async function withHold(
  { holds }: EncryptionParts,
  machine: StoredMachine,
  done: Done,
  work: (definition: MachineDefinition, hold: Hold) => Promise<Task>,
): Promise<Task> {
  const hold = await holds.takeFiles(machine, `be ${done}`, `being ${done}`);
  try {
    return await work(requireDefinition(machine), hold);
  } catch (error) {
    await hold.release();
    throw error;
  }
}

/** Which disks are to be replaced, after everything that speaks against it was looked at. */
async function examine(
  parts: EncryptionParts,
  machine: StoredMachine,
  definition: MachineDefinition,
  done: Done,
): Promise<Exchange[]> {
  const { directory } = machine;
  const { snapshots } = await listSnapshots(machine);
  if (snapshots.length > 0)
    throw refused(
      machine,
      done,
      `its ${snapshots.length} snapshot(s) would stay as they are`,
      'Delete them first ("phyllome snapshot"), or make a full clone and do it there.',
    );
  if (done === 'encrypted' && definition.boot.type === 'guest-kernel')
    throw refused(
      machine,
      done,
      'its kernel is read from its disk at each start, which nobody could read any more',
      'Set boot.type to uefi or bios first.',
    );
  const exchanges: Exchange[] = [];
  for (const [index, disk] of definition.disks.entries()) {
    const path = locate(directory, disk.file);
    if (disk.readOnly || (await isEncrypted(path)) === (done === 'encrypted')) continue;
    if (isBlockDevice(disk.file) || isAbsolute(disk.file))
      throw refused(
        machine,
        done,
        `${disk.file} is not in its folder`,
        'Copy it there first ("phyllome disk"), or let the guest encrypt it.',
      );
    await inspectImage({ file: path, format: disk.format, directory });
    const users = (await whoNeeds(machine, await othersThan(parts, machine), disk.file))(path);
    if (users.length > 0)
      throw refused(
        machine,
        done,
        `${users.join(' and ')} needs ${disk.file} as it is`,
        'Make a full clone first.',
      );
    const chain = (await layersOf(path, disk.format)).map(({ file }) => file);
    exchanges.push({ index, disk, path, chain });
  }
  const { allocated } = await spaceOf(exchanges.flatMap(({ chain }) => chain));
  if (exchanges.length > 0)
    await requireSpace(directory, allocated, `copies of the disks of ${machine.name}`);
  return exchanges;
}

interface Change {
  encrypt: boolean;
  key: DiskKey;
  exchanges: readonly Exchange[];
  /** Writes what opens the copies */
  keep: () => Promise<void> | undefined;
}

async function exchange(
  parts: EncryptionParts,
  machine: StoredMachine,
  change: Change,
  holder: KeyHolder | null,
  context: TaskContext,
): Promise<void> {
  const { directory, id, name } = machine;
  const { exchanges } = change;
  const made = await copyNames(directory, exchanges);
  const settle = async (): Promise<void> => {
    await settleDiskWork(parts.store.find(id), () => othersThan(parts, machine));
  };
  try {
    await using undo = new AsyncDisposableStack();
    await writeDiskJournal(directory, {
      made,
      replaced: exchanges.flatMap(({ chain }) => chain.map((file) => nameIn(directory, file)).filter(isName)),
    });
    undo.defer(settle);
    for (const [at, one] of exchanges.entries())
      await copyOne(one, locate(directory, made[at] as string), change, context);
    context.signal.throwIfAborted();
    // Before anything needs it: without it the copies are worth nothing.
    await change.keep();
    await parts.definitions.adapt(machine, ({ disks }) => {
      if (exchanges.some(({ index, disk }) => disks[index]?.file !== disk.file))
        throw new PhyllomeError('definition-changed', { name });
      const paths = exchanges.flatMap(({ index }, at) => [
        { path: ['disks', index, 'file'], value: made[at] },
        { path: ['disks', index, 'format'], value: 'qcow2' },
      ]);
      const encryption = holder === null ? {} : { value: { key: holder } };
      return [...paths, { path: ['encryption'], ...encryption }];
    });
    undo.move();
  } catch (thrown) {
    const error = PhyllomeError.from(thrown);
    const facts = { name, done: change.encrypt ? 'encrypted' : 'decrypted', reason: error.message };
    throw new PhyllomeError(
      'encryption-failed',
      { ...facts, next: error.hint, code: error.code },
      { cause: thrown },
    );
  }
  await settle();
}

/** A copy that is compared with its disk gets its name when it is on the storage for good. */
export async function copyOne(
  { disk, path }: Pick<Exchange, 'disk' | 'path'>,
  target: string,
  { encrypt, key }: Pick<Change, 'encrypt' | 'key'>,
  { signal, progress }: TaskContext,
): Promise<void> {
  const temporary = temporaryBeside(target);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => rm(temporary, { force: true }));
  const source = { file: path, format: disk.format };
  const words = encrypt ? 'Encrypting' : 'Decrypting';
  const copying = (fraction: number): void => progress(`${words} ${disk.file}`, fraction);
  const comparing = (fraction: number): void => progress(`Comparing the copy with ${disk.file}`, fraction);
  copying(0);
  await copyEncrypted({ source, target: temporary, key, encrypt, signal, onProgress: copying });
  comparing(0);
  if (!(await sameAsCopy({ source, target: temporary, key, signal, onProgress: comparing })))
    throw copyDiffers(target);
  progress('Storing it safely', null);
  await sync(temporary);
  // Unlike a rename, a link does not replace what somebody gave the name to meanwhile.
  await link(temporary, target);
  await rm(temporary);
  await sync(dirname(target));
}

/** A name for each copy that no other has. */
async function copyNames(directory: string, exchanges: readonly Exchange[]): Promise<string[]> {
  const names: string[] = [];
  for (const { disk } of exchanges) {
    let name = freeName(directory, disk.file, 'qcow2');
    for (let number = 2; names.includes(name); number += 1)
      name = freeName(directory, disk.file.replace(/(\.[^./]*)?$/, `-copy${number}$1`), 'qcow2');
    names.push(name);
  }
  return names;
}

/** The key goes when nothing needs it any more; doubt keeps it. */
async function removeKey({ directory }: Pick<StoredMachine, 'directory'>): Promise<void> {
  if ((await imagesWithKey({ directory })).length === 0)
    await rm(join(directory, machineFiles.key), { force: true });
}

/** The images in its folder that are worth nothing without the key that is there, whoever uses them. */
async function imagesWithKey({ directory }: Pick<StoredMachine, 'directory'>): Promise<string[]> {
  const images = imagesOf(directory);
  const encrypted = await Promise.all(images.map(isEncrypted));
  return images.filter((_, index) => encrypted[index]);
}

const isName = (name: string | null): name is string => name !== null;

/** As the definition names an image in disks/; null for others, which are not ours to remove. */
function nameIn(directory: string, file: string): string | null {
  const name = relative(directory, file);
  return /^disks\/[^/]+$/.test(name) ? name : null;
}

function refused({ name }: StoredMachine, done: Done, reason: string, next: string): PhyllomeError {
  return new PhyllomeError('encryption-refused', { name, done, reason, next });
}
