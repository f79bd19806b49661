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
import type { CatalogItem } from '../catalog/item.ts';
import type { Systems } from '../catalog/systems.ts';
import { copyDisk } from '../disk/convert.ts';
import { createImage } from '../disk/create.ts';
import { locate } from '../disk/locate.ts';
import { hostArchitecture } from '../host/architecture.ts';
import { explainNoSpace, sync } from '../host/files.ts';
import {
  chooseMedium,
  draftOfSystem,
  prepareSystem,
  type FromSystemParts,
  type SystemChoice,
} from './create-from-system.ts';
import { writeDefinitionText } from './definition-file.ts';
import { bootOf, draftFromMedium, systemDisk } from './draft-from-medium.ts';
import { requireGoodPassphrase, type DiskKeys } from './encryption/disk-keys.ts';
import { encryptStage } from './encryption/encrypt-stage.ts';
import type { EventStream } from './event-stream.ts';
import type { MediumSuiter } from './identify/suit-medium.ts';
import { examineMedium, type Medium, type MediumSurroundings } from './medium.ts';
import type { Identifier } from './identify/identifier.ts';
import type { Installing } from './install/installing.ts';
import type { InstallerFiles } from './install/answers-folder.ts';
import { prepareInstaller } from './install/installer.ts';
import { jobForFile, type InstallJob } from './install/job.ts';
import { handedOut, madeHere } from './no-medium.ts';
import type { Store } from './store.ts';
import type { TaskContext, Tasks } from './tasks.ts';

export interface CreateOptions
  extends MediumSurroundings, Pick<FromSystemParts, 'fetchMedium' | 'hasPackage' | 'hostFor'> {
  systems: Pick<Systems, 'find'>;
  store: Store;
  tasks: Tasks;
  events: EventStream;
  cacheDirectory: string;
  diskKeys: DiskKeys;
  installing: Pick<Installing, 'check' | 'run'>;
  /** Recognises the media that people have */
  identifier: Pick<Identifier, 'identify'>;
  /** What suits the guest that a medium was recognised as */
  suitMedium: MediumSuiter;
  /** What its guest wants and does not get; it is made all the same */
  shortcomings(definition: MachineDefinition): Promise<string[]>;
  /** What a machine gets of this PC when neither its guest nor its owner says */
  recommended(): { vcpus: number; memoryBytes: number };
}

/** What a machine is made from. */
interface Origin {
  item: CatalogItem | null;
  system: SystemChoice | null;
  medium: Medium | null;
  /** The kernel of an installer whose questions a person answers */
  installer: InstallerFiles | null;
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
    if (request.from !== undefined && request.medium !== undefined)
      throw new PhyllomeError('bad-request', {
        reason: 'a machine is made from an entry or from a medium, not both',
      });

    if (request.encrypt !== undefined) requireGoodPassphrase(request.encrypt.passphrase);

    reservedNames.add(name);
    try {
      const origin = await findOrigin(request, options);
      if (request.medium !== undefined) origin.medium = await examineMedium(request.medium, options);
      const { system } = origin;
      const draft =
        system === null
          ? await completeDraft(name, origin, request.definition ?? {}, options)
          : draftOfSystem(system, request, { id: freshId(store), name }, options);
      const early = await installJob(request.unattended, origin, options);
      if (early !== null) await options.installing.check(name, early);
      return tasks.run(`Create ${name}`, draft.id, async (context) => {
        try {
          const { definition, job, ...fetched } =
            system === null
              ? { definition: draft, job: early }
              : await prepareSystem(system, request, { id: draft.id, name }, options, context);
          const whole = { ...origin, ...fetched };
          const bootIsOpen = whole.medium?.use === 'copy-disk' && request.definition?.['boot'] === undefined;
          await make(definition, whole, bootIsOpen, request.encrypt, context);
          events.emit({ type: 'machine.created', machineId: definition.id, machineName: name });
          // What is made on this PC brings the definition that suits it.
          const wants = whole.item === null ? await options.shortcomings(definition) : [];
          const text = wants.join(' ');
          if (text !== '')
            events.emit({ type: 'machine.warning', machineId: definition.id, machineName: name, text });
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
    { item, medium, installer, system }: Origin,
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
    if (installer !== null && system !== null)
      await prepareInstaller(directory, installer, system.found.system.name);
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
  { item, system, medium }: Origin,
  { identifier }: Pick<CreateOptions, 'identifier'>,
): Promise<InstallJob | null> {
  if (unattended === undefined) return null;
  const format = system?.medium.unattended;
  // Its files are known when the medium is here.
  if (system !== null && format !== undefined)
    return { format, unattended, system: system.found.system.name, installer: null };
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

/** @throws PhyllomeError `catalog-entry-not-found`, `medium-not-found`, `medium-brought` */
async function findOrigin(request: Body<'createMachine'>, options: CreateOptions): Promise<Origin> {
  const none = { item: null, system: null, medium: null, installer: null };
  if (request.from === undefined) {
    if (request.media === undefined && request.diskSize === undefined) return none;
    throw new PhyllomeError('bad-request', {
      reason: '"media" and "diskSize" go with an entry of the catalogue',
    });
  }
  const found = await options.systems.find(request.from);
  switch (found.kind) {
    case 'system':
      return { ...none, system: await chooseMedium(found.found, request, options) };
    case 'osinfo':
      throw handedOut(found.entry);
    case 'item':
      if (request.media === undefined && request.diskSize === undefined) return { ...none, item: found.item };
      throw madeHere(found.entry, request.media);
  }
}

async function completeDraft(
  name: string,
  { item, medium }: Origin,
  wishes: Record<string, unknown>,
  { store, recommended, suitMedium }: Pick<CreateOptions, 'store' | 'recommended' | 'suitMedium'>,
): Promise<MachineDefinition> {
  const suited = medium === null ? null : await suitMedium(medium);
  // An unknown architecture is refused with the rest of the definition below.
  const architecture = (wishes['architecture'] ?? suited?.architecture ?? hostArchitecture()) as Architecture;
  const { vcpus, memoryBytes } = suited?.resources ?? recommended();
  const draft =
    medium === null
      ? item?.draft(architecture)
      : await draftFromMedium(medium, architecture, suited?.guest, suited?.options);
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
