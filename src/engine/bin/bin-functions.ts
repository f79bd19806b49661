// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path';
import type { BinEntry } from '../../contract/bin.ts';
import type { Machine } from '../../contract/api.ts';
import type { Paths } from '../../contract/paths.ts';
import type { Bin } from '../bin.ts';
import type { Engine } from '../engine.ts';
import type { EventStream } from '../event-stream.ts';
import type { Holds } from '../holds.ts';
import { requireVerb } from '../lifecycle.ts';
import type { Running } from '../running.ts';
import type { SettingsFile } from '../settings.ts';
import type { Store, StoredMachine } from '../store.ts';
import { measureFolder, staysOf } from './deletion.ts';
import { createKeeping } from './keeping.ts';

export interface BinFunctionsOptions {
  paths: Pick<Paths, 'binNotices'>;
  store: Store;
  bin: Bin;
  settings: SettingsFile;
  events: Pick<EventStream, 'emit'>;
  holds: Pick<Holds, 'requireFree'>;
  running: Pick<Running, 'stateOf'>;
  view: (machine: StoredMachine) => Machine;
  warn: (text: string) => void;
}

type Functions = Pick<
  Engine,
  | 'deleteMachine'
  | 'planDelete'
  | 'listBin'
  | 'binStatus'
  | 'setBinKeep'
  | 'restoreMachine'
  | 'eraseMachine'
  | 'emptyBin'
>;

/** Everything around the bin: what is asked for, and what happens by itself after some time. */
export function createBinFunctions(options: BinFunctionsOptions) {
  const { store, bin, settings, events, holds, running, view, warn } = options;

  const emit = (
    type: 'machine.deleted' | 'machine.restored' | 'machine.erased',
    { id, name }: Pick<BinEntry, 'id' | 'name'>,
  ): void => events.emit({ type, machineId: id, machineName: name });

  const eraseMachine = async (ref: string): Promise<BinEntry> => {
    const entry = await bin.erase(ref);
    emit('machine.erased', entry);
    return entry;
  };

  const keepDays = (): number | null => settings.read().bin?.keepDays ?? null;

  const keeping = createKeeping({
    file: options.paths.binNotices,
    keepDays,
    entries: bin.folders,
    erase: eraseMachine,
    notice: ({ id, name }, text) =>
      events.emit({ type: 'machine.notice', machineId: id, machineName: name, text }),
    warning: ({ id, name }, text) =>
      events.emit({ type: 'machine.warning', machineId: id, machineName: name, text }),
    warn,
  });

  const binStatus = async () => ({ keepDays: keepDays(), ...(await bin.measure()) });

  const functions: Functions = {
    async planDelete(ref) {
      const machine = store.find(ref);
      const { id, name, directory } = machine;
      return { id, name, directory, ...(await measureFolder(directory)), stays: staysOf(machine) };
    },
    async deleteMachine(ref) {
      const machine = store.find(ref);
      requireVerb(machine.name, running.stateOf(machine.id).name, 'be deleted');
      holds.requireFree(machine, 'be deleted');
      const deletion = await bin.put(machine);
      emit('machine.deleted', machine);
      await keeping.look();
      const binned = { folder: basename(deletion.directory), deletedAt: Date.parse(deletion.deletedAt) };
      return { ...deletion, eraseAt: keeping.eraseAt(binned) };
    },
    listBin: bin.list,
    binStatus,
    async setBinKeep({ keepDays: wanted }) {
      await settings.change(({ bin: _, ...others }) =>
        wanted === null ? others : { ...others, bin: { keepDays: wanted } },
      );
      await keeping.look();
      return binStatus();
    },
    async restoreMachine(ref) {
      const machine = await bin.restore(ref);
      emit('machine.restored', machine);
      await keeping.look();
      return view(machine);
    },
    async eraseMachine(ref) {
      const entry = await eraseMachine(ref);
      await keeping.look();
      return entry;
    },
    async emptyBin({ refs }) {
      const emptied = await bin.empty(refs, (entry) => emit('machine.erased', entry));
      await keeping.look();
      return emptied;
    },
  };
  return { functions, keeping };
}
