// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Body } from '../contract/api.ts';
import { parseDefinition } from '../contract/definition.ts';
import type { EncryptRequest } from '../contract/encryption.ts';
import { PhyllomeError } from '../contract/errors.ts';
import { formatVersion, type Architecture, type MachineDefinition } from '../contract/machine.ts';
import { checkName } from '../contract/name.ts';
import type { Task } from '../contract/task.ts';
import { catalog } from '../catalog/catalog.ts';
import type { CatalogItem } from '../catalog/item.ts';
import { copyDisk } from '../disk/convert.ts';
import { createImage } from '../disk/create.ts';
import { locate } from '../disk/locate.ts';
import { hostArchitecture } from '../host/architecture.ts';
import { explainNoSpace, sync } from '../host/files.ts';
import { writeDefinitionText } from './definition-file.ts';
import { bootOf, draftFromMedium, systemDisk } from './draft-from-medium.ts';
import { requireGoodPassphrase, type DiskKeys } from './encryption/disk-keys.ts';
import { encryptStage } from './encryption/encrypt-stage.ts';
import type { EventStream } from './event-stream.ts';
import { examineMedium, type Medium, type MediumSurroundings } from './medium.ts';
import type { Identifier } from './identify/identifier.ts';
import type { Installing } from './install/installing.ts';
import { jobForFile, type InstallJob } from './install/job.ts';
import type { Store } from './store.ts';
import type { TaskContext, Tasks } from './tasks.ts';

export interface CreateOptions extends MediumSurroundings {
  store: Store;
  tasks: Tasks;
  events: EventStream;
  cacheDirectory: string;
  diskKeys: DiskKeys;
  installing: Pick<Installing, 'check' | 'run'>;
  /** Recognises the media that people have */
  identifier: Pick<Identifier, 'identify'>;
  /** What a machine gets of this PC when neither its guest nor its owner says */
  recommended(): { vcpus: number; memoryBytes: number };
}

/** What a machine is made from. */
interface Origin {
  item: CatalogItem | null;
  medium: Medium | null;
}

/**
 * Returns the function that makes machines. What can be refused is refused at once; the rest is a task.
 *
 * A machine comes into being by one rename, after everything it needs is on the disk; a name is reserved
 * from the request on, so that two requests cannot both have it.
 */
export function createMachineMaker(options: CreateOptions) {
  const { store, tasks, events, cacheDirectory, diskKeys } = options;
  const reservedNames = new Set<string>();

  return async (request: Body<'createMachine'>): Promise<Task> => {
    const name = checkName(request.name);
    store.requireFreeName(name);
    if (reservedNames.has(name)) throw new PhyllomeError('name-taken', { name });
    const origin: Origin = { item: request.from === undefined ? null : findItem(request.from), medium: null };
    if (origin.item !== null && request.medium !== undefined)
      throw new PhyllomeError('bad-request', {
        reason: 'a machine is made from an entry or from a medium, not both',
      });

    if (request.encrypt !== undefined) requireGoodPassphrase(request.encrypt.passphrase);

    reservedNames.add(name);
    try {
      if (request.medium !== undefined) origin.medium = await examineMedium(request.medium, options);
      const definition = await completeDraft(name, origin, request.definition ?? {}, options);
      const bootIsOpen = origin.medium?.use === 'copy-disk' && request.definition?.['boot'] === undefined;
      const job = await installJob(request.unattended, origin, options);
      if (job !== null) await options.installing.check(name, job);
      return tasks.run(`Create ${name}`, definition.id, async (context) => {
        try {
          await make(definition, origin, bootIsOpen, request.encrypt, context);
          events.emit({ type: 'machine.created', machineId: definition.id, machineName: name });
          if (job !== null) return await options.installing.run(definition.id, job, context);
          return definition.id;
        } catch (error) {
          throw explainNoSpace(error, `the machine ${name}`, cacheDirectory);
        } finally {
          reservedNames.delete(name);
        }
      });
    } catch (error) {
      reservedNames.delete(name);
      throw error;
    }
  };

  async function make(
    draft: MachineDefinition,
    { item, medium }: Origin,
    bootIsOpen: boolean,
    encrypt: EncryptRequest | undefined,
    context: TaskContext,
  ): Promise<void> {
    const { progress, signal } = context;
    await using stage = await store.stage(draft.id);
    await using undo = new AsyncDisposableStack();
    const { directory } = stage;
    const { architecture } = draft;
    await item?.prepare({ directory, architecture, cacheDirectory, progress, signal });
    if (medium?.use === 'copy-disk') await copyMedium(medium, join(directory, systemDisk), context);
    const boot = bootIsOpen ? await bootOf(join(directory, systemDisk), 'qcow2', architecture) : draft.boot;
    const definition = { ...draft, boot };
    for (const disk of definition.disks) {
      const file = locate(directory, disk.file);
      // A disk that is there already is somebody's data. One outside of the folder is never made: an abort
      // would leave it behind.
      if (existsSync(file)) continue;
      if (disk.size === undefined || isAbsolute(disk.file))
        throw new PhyllomeError('file-missing', { what: 'disk', file: disk.file });
      progress(`Creating ${disk.file}`, null);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await createImage({ file, format: disk.format, size: disk.size });
    }
    const encrypted = encrypt && (await encryptStage(directory, definition, encrypt, diskKeys, context));
    if (encrypted !== undefined) undo.defer(encrypted.forget);
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) await sync(join(entry.parentPath, entry.name));
    }
    signal.throwIfAborted();
    await stage.commit(writeDefinitionText(encrypted?.definition ?? definition));
    undo.move();
  }
}

/** null: nobody asked for an installation without questions. @throws PhyllomeError `unattended-unknown` */
async function installJob(
  unattended: Body<'createMachine'>['unattended'],
  { item, medium }: Origin,
  { identifier }: Pick<CreateOptions, 'identifier'>,
): Promise<InstallJob | null> {
  if (unattended === undefined) return null;
  if (medium === null)
    throw new PhyllomeError('unattended-unknown', {
      what: item?.name ?? 'A machine from a definition alone',
      reason: 'it has no installer',
    });
  return jobForFile(unattended, medium, identifier.identify);
}

async function copyMedium(
  { source, grown, diskSize, bytes }: Extract<Medium, { use: 'copy-disk' }>,
  target: string,
  { progress, signal }: TaskContext,
): Promise<void> {
  const step = `Copying ${basename(source.file)}`;
  const onProgress = (fraction: number): void =>
    progress(step, fraction, { done: Math.round(fraction * bytes), total: bytes });
  onProgress(0);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await copyDisk({ source, target, grownTo: grown ? diskSize : null, signal, onProgress });
  // What the kernel still holds of it is written now.
  progress('Storing it safely', null);
}

function findItem(ref: string): CatalogItem {
  const item = catalog.find(({ id }) => id === ref);
  if (item === undefined) {
    throw new PhyllomeError('catalog-entry-not-found', { ref, known: catalog.map(({ id }) => id) });
  }
  return item;
}

async function completeDraft(
  name: string,
  { item, medium }: Origin,
  wishes: Record<string, unknown>,
  { store, recommended }: Pick<CreateOptions, 'store' | 'recommended'>,
): Promise<MachineDefinition> {
  // An unknown architecture is refused with the rest of the definition below.
  const architecture = (wishes['architecture'] ?? hostArchitecture()) as Architecture;
  const { vcpus, memoryBytes } = recommended();
  const draft = medium === null ? item?.draft(architecture) : await draftFromMedium(medium, architecture);
  const common = { formatVersion, id: freshId(store), name, architecture };
  return parseDefinition({ cpu: { vcpus }, memory: memoryBytes, ...draft, ...wishes, ...common });
}

/** A new UUID whose first eight characters, which name the run folder, no other machine has. */
export function freshId(store: Store): string {
  const taken = new Set(store.list().map(({ id }) => id.slice(0, 8)));
  for (;;) {
    const id = randomUUID();
    if (!taken.has(id.slice(0, 8))) return id;
  }
}
