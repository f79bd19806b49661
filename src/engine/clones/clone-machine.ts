// SPDX-License-Identifier: Apache-2.0
//
// Makes a machine from another one, or from a snapshot of one. It grows in a folder that nobody lists, and comes into
// being by one rename: a kill, an abort or a full disk leave nothing of it.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clone, CloneRequest } from '../../contract/clone.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { checkName } from '../../contract/name.ts';
import { machineFiles } from '../../contract/paths.ts';
import { copyDisk } from '../../disk/convert.ts';
import { inspectImage } from '../../disk/inspect.ts';
import { locate } from '../../disk/locate.ts';
import { explainNoSpace, sync } from '../../host/files.ts';
import { freshId } from '../create-machine.ts';
import { changeText, type Change } from '../definition-change.ts';
import type { DefinitionEditor } from '../definition-editor.ts';
import { requireUnencrypted } from '../encryption/require-unencrypted.ts';
import type { EventStream } from '../event-stream.ts';
import type { Hold, Holds } from '../holds.ts';
import type { Store, StoredMachine } from '../store.ts';
import type { TaskContext, Tasks } from '../tasks.ts';
import { planClone, type ClonePlan } from './clone-plan.ts';
import { guestIdentity } from './guest-identity.ts';
import { retitled } from './heading.ts';
import { cloneChanges, type Neighbour, type Neighbours } from './identity.ts';
import { linkDisks } from './linked-disks.ts';
import { readOrigin, type Origin } from './origin.ts';
import { copyFolder, copySmall, shareFile, syncFolders } from './share-files.ts';

export interface ClonesOptions {
  store: Store;
  tasks: Pick<Tasks, 'run'>;
  events: Pick<EventStream, 'emit'>;
  holds: Holds;
  definitions: Pick<DefinitionEditor, 'adapt'>;
  /** The folder of all machines, for the words of an error */
  machines: string;
  deleted: () => Promise<readonly StoredMachine[]>;
  /** Ends what is done to the layers of a machine in the background, and finishes what was only half done */
  settle: (machine: StoredMachine) => Promise<void>;
}

interface Wanted {
  id: string;
  name: string;
  full: boolean;
  newTpm: boolean;
}

/** Returns the function that clones. What can be refused is refused at once; the rest is a task. */
export function createCloning(options: ClonesOptions) {
  const { store, tasks, events, holds, definitions } = options;
  const reservedNames = new Set<string>();

  const hold = (machine: StoredMachine, snapshot: string | undefined): Hold | Promise<Hold> =>
    snapshot === undefined
      ? holds.takeFiles(machine, 'be cloned', 'being cloned')
      : holds.take(machine, 'be cloned from a snapshot', 'being cloned from a snapshot');

  const neighbours = async (): Promise<Neighbours> => ({
    listed: withDefinition(store.list()),
    deleted: withDefinition(await options.deleted()),
  });

  const begin = async (asked: StoredMachine, request: CloneRequest): Promise<Clone> => {
    const { full = false, newTpm = false, snapshot } = request;
    const name = checkName(request.name);
    store.requireFreeName(name);
    if (reservedNames.has(name)) throw new PhyllomeError('name-taken', { name });
    await using undo = new AsyncDisposableStack();
    reservedNames.add(name);
    undo.defer(() => void reservedNames.delete(name));
    await options.settle(asked);
    undo.use(await hold(asked, snapshot));
    // Nobody can begin anew from here on. A layer that is being merged must not get a second name.
    await options.settle(asked);
    // Its disks may have got other names meanwhile.
    const machine = store.find(asked.id);
    const origin = await readOrigin(machine, snapshot, store);
    // A new head would hold in the clear what its guest writes.
    requireUnencrypted(origin.definition, 'be cloned');
    const plan = await planClone(origin, full);
    const wanted = { id: freshId(store), name, full, newTpm };
    const own = cloneChanges(origin.definition, wanted, await neighbours());
    const notes = [...plan.notes, ...stateNotes(origin, wanted), ...own.notes];
    const ending = undo.move();
    const task = tasks.run(`Clone ${machine.name} to ${name}`, wanted.id, async (context) => {
      await using _ = ending;
      try {
        await make(origin, plan, wanted, own.changes, context);
        events.emit({ type: 'machine.created', machineId: wanted.id, machineName: name });
        return wanted.id;
      } catch (error) {
        throw explain(error, name);
      }
    });
    return { task, id: wanted.id, notes, guest: guestIdentity(origin.definition.guestOs, name) };
  };

  const explain = (error: unknown, name: string): unknown =>
    explainNoSpace(error, `the machine ${name}`, options.machines);

  return async (machine: StoredMachine, request: CloneRequest): Promise<Clone> => {
    try {
      return await begin(machine, request);
    } catch (error) {
      // Even to lock a machine takes some space.
      throw explain(error, request.name);
    }
  };

  async function make(
    origin: Origin,
    plan: ClonePlan,
    { id, name, full, newTpm }: Wanted,
    own: readonly Change[],
    context: TaskContext,
  ): Promise<void> {
    const { signal } = context;
    await using stage = await store.stage(id);
    const { directory } = stage;
    await copyFolder(join(origin.state, machineFiles.firmware), join(directory, machineFiles.firmware));
    if (!newTpm) await copyFolder(join(origin.state, machineFiles.tpm), join(directory, machineFiles.tpm));
    for (const { file, how } of plan.fixed) await putFixed(origin, file, how, directory);
    const changed = full
      ? await copyDisks(origin, plan, directory, context)
      : await linkDisks(origin, plan.disks, directory, definitions);
    await syncFolders(directory);
    signal.throwIfAborted();
    // The name was free when it was asked for; machines that are made otherwise do not know of it.
    store.requireFreeName(name);
    const before = retitled(origin.text(), origin.definition.name, name);
    await stage.commit(changeText(before, [...plan.changes, ...changed, ...own]).text);
  }
}

async function putFixed(
  { machine }: Origin,
  file: string,
  how: 'share' | 'copy',
  directory: string,
): Promise<void> {
  const target = join(directory, file);
  if (existsSync(target)) return;
  const source = locate(machine.directory, file);
  if (how === 'share') await shareFile(machine, source, target);
  else await copySmall(source, target);
}

async function copyDisks(
  { machine }: Origin,
  { disks }: ClonePlan,
  directory: string,
  { signal, progress }: TaskContext,
): Promise<Change[]> {
  for (const { file, format, copy } of disks) {
    const source = { file: locate(machine.directory, file), format };
    const target = join(directory, copy);
    await inspectImage({ ...source, directory: machine.directory });
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const onProgress = (fraction: number): void => progress(`Copying ${file}`, fraction);
    onProgress(0);
    await copyDisk({ source, target, format, grownTo: null, signal, onProgress });
    progress('Storing it safely', null);
    await sync(target);
  }
  return [];
}

function stateNotes({ definition, snapshot }: Origin, { newTpm }: Wanted): string[] {
  const notes: string[] = [];
  if (snapshot?.memory === true)
    notes.push(
      'The memory of the snapshot is not carried over: the new guest starts from its disks, as after a power cut.',
    );
  if (definition.tpm === 'passthrough')
    notes.push(
      'The TPM of this PC belongs to one machine at a time: as long as one of the two runs, the other does not start. What is sealed in it opens in both.',
    );
  if (definition.tpm === 'emulated')
    notes.push(
      newTpm
        ? 'Its TPM begins empty: what is sealed in the old one (BitLocker, LUKS with systemd-cryptenroll) asks for its recovery key.'
        : 'It has a copy of the TPM with all its keys: whoever trusts the one machine by its TPM trusts the other. --new-tpm begins with an empty one.',
    );
  return notes;
}

const withDefinition = (machines: readonly StoredMachine[]): Neighbour[] =>
  machines.flatMap(({ definition }) => (definition === null ? [] : [definition]));
