// SPDX-License-Identifier: Apache-2.0
//
// Everything the service does with backups. What can be refused is refused at once; the rest is a task.
import { join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Backup, BackupList, RestoreBackup, ScheduleKind } from '../../contract/backup.ts';
import type { MachineDefinition } from '../../contract/machine.ts';
import { checkName } from '../../contract/name.ts';
import type { Paths } from '../../contract/paths.ts';
import type { Task } from '../../contract/task.ts';
import type { DefinitionEditor } from '../definition-editor.ts';
import { freshId } from '../create-machine.ts';
import { requireUnencrypted } from '../encryption/require-unencrypted.ts';
import type { EventStream } from '../event-stream.ts';
import type { Holds } from '../holds.ts';
import { requireVerb } from '../lifecycle.ts';
import { requireDefinition, type Running } from '../running.ts';
import type { Store, StoredMachine } from '../store.ts';
import type { TaskContext, Tasks } from '../tasks.ts';
import {
  lockBackups,
  placeWarning,
  prepareFolder,
  readBackups,
  requireFolder,
  viewOf,
} from './backup-folder.ts';
import {
  findBackup,
  findBackups,
  folderOf,
  machinesIn,
  type BackupPlace,
  type Machines,
} from './find-backups.ts';
import { backupFailed, makeBackup, type StillMachine } from './make-backup.ts';
import { removeBackup } from './remove-backup.ts';
import { prepareRestore, restoreBackup } from './restore-backup.ts';
import { kept } from './retention.ts';
import { runTask } from './run-task.ts';
import { stillStopped } from './still-machine.ts';
import { verifyBackups } from './verify-backups.ts';

export interface BackupsParts {
  store: Store;
  tasks: Tasks;
  events: Pick<EventStream, 'emit'>;
  holds: Holds;
  running: Pick<Running, 'stateOf'>;
  definitions: Pick<DefinitionEditor, 'adapt'>;
  paths: Pick<Paths, 'machines'>;
  deleted: () => Promise<readonly StoredMachine[]>;
  /** Holds a machine that runs still, while its guest goes on */
  stillRunning: (machine: StoredMachine, context: TaskContext) => Promise<StillMachine>;
}

export interface Backups {
  list(ref: string, folder?: string): Promise<BackupList>;
  /** Of every machine that has backups in the folder */
  listFolder(folder: string): Promise<Backup[]>;
  make(ref: string, folder?: string, automatic?: ScheduleKind): Promise<Task>;
  restore(request: RestoreBackup): Promise<Task>;
  remove(ref: string, id: string, folder?: string): Promise<Task>;
  verify(ref: string, folder?: string): Promise<Task>;
  /** When those in the folder of the machine were made, by themselves and in any way */
  times(machine: StoredMachine): Promise<{ automatic: Date[]; all: Date[] }>;
  /** Makes one for the schedule, removes what it need not keep. @throws what went wrong */
  scheduled(machine: StoredMachine, kind: ScheduleKind): Promise<void>;
}

export function createBackups(parts: BackupsParts): Backups {
  const { store, tasks, events, holds, running, paths } = parts;
  const reservedNames = new Set<string>();
  // So that a drive that sleeps is not woken up each time something happens to a machine.
  const knownTimes = new Map<string, { folder: string; automatic: Date[]; all: Date[] }>();

  const machines = async (): Promise<Machines> => ({ listed: store.list(), deleted: await parts.deleted() });
  const notice = (id: string, name: string, text: string): void =>
    events.emit({ type: 'machine.notice', machineId: id, machineName: name, text });
  /** Everything up to the task: whose files are held, and where the backup goes. */
  const ready = async (ref: string, named: string | undefined) => {
    const machine = store.find(ref);
    const { name, id } = machine;
    const definition = requireDefinition(machine);
    // What the copy holds would be there for everybody to read, and making it needs the key.
    requireUnencrypted(definition, 'be backed up');
    const folder = named ?? folderOf(definition);
    if (folder === null) throw new PhyllomeError('backup-folder-none', { name });
    const state = running.stateOf(id).name;
    requireVerb(name, state, 'be backed up');
    holds.requireFree(machine, 'be backed up');
    if (named === undefined) await requireFolder(folder);
    await prepareFolder(folder, paths.machines);
    const off = state !== 'running' && state !== 'paused';
    const hold = off ? await holds.takeFiles(machine, 'be backed up', 'being backed up') : null;
    const place: BackupPlace = { folder, directory: join(folder, id), machineId: id, name, known: true };
    return { machine, hold, place };
  };

  const perform = async (
    { machine, hold, place }: Awaited<ReturnType<typeof ready>>,
    automatic: ScheduleKind | null,
    context: TaskContext,
  ): Promise<void> => {
    try {
      await using undo = new AsyncDisposableStack();
      if (hold !== null) undo.use(hold);
      const still =
        hold === null
          ? await parts.stillRunning(machine, context)
          : await stillStopped(machine, hold, store, running.stateOf(machine.id).name === 'stopped');
      undo.use(still);
      await makeBackup(still, place.directory, automatic, context);
    } catch (error) {
      throw context.signal.aborted ? error : backupFailed(machine.name, place.folder, error);
    }
    knownTimes.delete(machine.id);
    notice(machine.id, machine.name, `It was backed up to ${place.folder}.`);
    await rememberFolder(machine, place.folder);
  };

  /** The first folder that somebody names is that of the machine from then on. */
  const rememberFolder = async (machine: StoredMachine, folder: string): Promise<void> => {
    await parts.definitions.adapt(machine, (definition) =>
      folderOf(definition) === null ? [{ path: ['schedule', 'backups', 'folder'], value: folder }] : [],
    );
  };

  const backups: Backups = {
    async list(ref, named) {
      const machine = store.list().find(({ id, name }) => id === ref || name === ref.normalize('NFC'));
      if (machine !== undefined && named === undefined && folderOf(machine.definition) === null)
        return { folder: null, warning: null, backups: [] };
      const place = await findBackups(ref, named, await machines());
      return {
        folder: place.folder,
        warning: await placeWarning(place.folder, paths.machines),
        backups: await newestFirst(place),
      };
    },
    async listFolder(folder) {
      await requireFolder(folder);
      const found = await machinesIn(folder);
      const views = found.map(({ machineId, backups: all }) =>
        Promise.all(all.toReversed().map((backup) => viewOf(backup, machineId))),
      );
      return (await Promise.all(views)).flat();
    },
    async make(ref, named, automatic) {
      const prepared = await ready(ref, named);
      const { name, id } = prepared.machine;
      return tasks.run(`Back up ${name}`, id, async (context) => {
        await perform(prepared, automatic ?? null, context);
        return id;
      });
    },
    async times({ id, name, definition }) {
      const folder = folderOf(definition);
      if (folder === null) throw new PhyllomeError('backup-folder-none', { name });
      const known = knownTimes.get(id);
      if (known?.folder === folder) return known;
      await requireFolder(folder);
      const whole = (await readBackups(join(folder, id))).filter(({ problem }) => problem === null);
      const timesOf = (list: typeof whole) => list.map(({ record }) => new Date(record?.takenAt ?? 0));
      const times = {
        folder,
        automatic: timesOf(whole.filter(({ record }) => record?.automatic !== null)),
        all: timesOf(whole),
      };
      knownTimes.set(id, times);
      return times;
    },
    async scheduled(machine, kind) {
      const prepared = await ready(machine.id, undefined);
      const { place } = prepared;
      await runTask(tasks, `Back up ${machine.name} (${kind})`, machine.id, async (context) => {
        await perform(prepared, kind, context);
        const wishes = store.find(machine.id).definition?.schedule?.backups ?? {};
        await using _lock = await lockBackups(place.directory);
        const mine = (await readBackups(place.directory)).filter(({ record }) => record?.automatic != null);
        const keep = kept(mine, ({ record }) => new Date(record?.takenAt ?? 0), wishes);
        for (const backup of mine) {
          if (keep.has(backup)) continue;
          await removeBackup(place.directory, backup.id, machine.name, (step) =>
            context.progress(step, null),
          );
        }
      });
    },
    async restore(request) {
      const all = await machines();
      const place = await findBackups(request.machine, request.folder, all);
      const backup = await findBackup(place, request.backup);
      const sameMachine = !store.list().some(({ id }) => id === place.machineId);
      const name =
        request.name === undefined
          ? freeName(backup.record?.machine.name ?? place.name, sameMachine, store)
          : checkName(request.name);
      store.requireFreeName(name);
      if (reservedNames.has(name)) throw new PhyllomeError('name-taken', { name });
      const id = sameMachine ? place.machineId : freshId(store);
      const prepared = await prepareRestore({
        backup,
        id,
        name,
        sameMachine,
        trusted: place.known,
        neighbours: { listed: definitionsOf(all.listed), deleted: definitionsOf(all.deleted) },
      });
      reservedNames.add(name);
      return tasks.run(`Restore ${name}`, id, async (context) => {
        try {
          // Nobody may merge what is being read.
          await using _lock = await lockBackups(place.directory);
          await restoreBackup(prepared, store, paths.machines, context);
        } finally {
          reservedNames.delete(name);
        }
        events.emit({ type: 'machine.created', machineId: id, machineName: name });
        for (const text of prepared.notes) notice(id, name, text);
        return id;
      });
    },
    async remove(ref, id, named) {
      const place = await findBackups(ref, named, await machines());
      await findBackup(place, id);
      return tasks.run(`Remove a backup of ${place.name}`, null, async ({ progress }) => {
        await using _lock = await lockBackups(place.directory);
        await removeBackup(place.directory, id, place.name, (step) => progress(step, null));
        knownTimes.delete(place.machineId);
        return null;
      });
    },
    async verify(ref, named) {
      const place = await findBackups(ref, named, await machines());
      return tasks.run(`Check the backups of ${place.name}`, null, async (context) => {
        await verifyBackups(place.directory, context);
        return null;
      });
    },
  };
  return backups;
}

const newestFirst = async ({ directory, machineId }: BackupPlace): Promise<Backup[]> => {
  const all = await readBackups(directory);
  return Promise.all(all.toReversed().map((backup) => viewOf(backup, machineId)));
};

const definitionsOf = (list: readonly StoredMachine[]): MachineDefinition[] =>
  list.map(({ definition }) => definition).filter((definition) => definition !== null);

/** As it was called, or with "(restored)" behind it while another one has that name. */
function freeName(name: string, sameMachine: boolean, store: Store): string {
  const taken = new Set(store.list().map((machine) => machine.name));
  if (sameMachine && !taken.has(name)) return name;
  // A name has at most 100 characters.
  const stem = Array.from(name).slice(0, 80).join('').trim();
  for (let number = 1; ; number += 1) {
    const next = `${stem} (restored${number === 1 ? '' : ` ${number}`})`;
    if (!taken.has(next)) return next;
  }
}
