// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import type { MachineDefinition } from '../contract/machine.ts';
import { machineFiles, type Paths } from '../contract/paths.ts';
import { nameInText, readDefinitionText } from './definition-file.ts';
import { errorCode, sync, writeAtomic } from '../host/files.ts';

/** A machine as it stands on the disk. One whose content is bad is still here, with what is wrong with it. */
export interface StoredMachine {
  id: string;
  /** The id where the name cannot be read */
  name: string;
  directory: string;
  definition: MachineDefinition | null;
  problems: string[];
}

export interface Store {
  /** All machines, sorted by name. Looks at the disk each time, but reads only what changed. */
  list(): readonly StoredMachine[];
  /**
   * Finds a machine by name or id, in the list or among the `candidates` given.
   * @throws PhyllomeError `machine-not-found`, `machine-ambiguous`
   */
  find(ref: string, candidates?: readonly StoredMachine[]): StoredMachine;
  /** @throws PhyllomeError `name-taken`; `exceptId` may keep the name it has */
  requireFreeName(name: string, exceptId?: string): void;
  text(machine: StoredMachine): string;
  /** Replaces the text of machine.yaml. The caller has validated it. */
  write(machine: StoredMachine, text: string): Promise<StoredMachine>;
  /** Begins a machine: a folder that nobody lists until `commit`, and that is removed when it is disposed before. */
  stage(id: string): Promise<StagedMachine>;
  /** Takes a machine out of the list by moving its folder in one step. */
  moveTo(machine: StoredMachine, directory: string): Promise<void>;
  /** Moves a folder (from the bin) into the list in one step. */
  moveFrom(directory: string, id: string): Promise<void>;
}

interface StagedMachine extends AsyncDisposable {
  directory: string;
  commit(text: string): Promise<StoredMachine>;
}

export const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const stagePrefix = '.new-';

/** Opens the store and removes what a killed service left half-made. */
export async function openStore(paths: Paths): Promise<Store> {
  await mkdir(paths.machines, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(paths.machines)) {
    if (name.startsWith(stagePrefix)) await rm(join(paths.machines, name), { recursive: true, force: true });
  }

  const known = new Map<string, { stamp: string; machine: StoredMachine }>();

  const read = (id: string): StoredMachine | null => {
    const directory = join(paths.machines, id);
    const file = join(directory, machineFiles.definition);
    let stamp: string;
    try {
      // Modification times alone miss an edit within the clock's tick that made the file.
      const { mtimeMs, ctimeMs, size, ino } = statSync(file);
      stamp = `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
    } catch (error) {
      if (errorCode(error) === 'ENOTDIR' || !exists(directory)) return null;
      return broken(id, directory, [`machine.yaml cannot be read: ${reasonOf(error)}`]);
    }
    const cached = known.get(id);
    if (cached?.stamp === stamp) return cached.machine;
    const machine = load(id, directory, file);
    known.set(id, { stamp, machine });
    return machine;
  };

  let sorted: StoredMachine[] = [];
  const list = (): readonly StoredMachine[] => {
    const names = new Set(readdirSync(paths.machines).filter((name) => !name.startsWith('.')));
    for (const id of known.keys()) if (!names.has(id)) known.delete(id);
    const machines = [...names].map(read).filter((machine) => machine !== null);
    // Sorting is most of the work, and hardly ever needed: `read` returns the same object until a file changes.
    const before = new Set(sorted);
    const same = machines.length === sorted.length && machines.every((machine) => before.has(machine));
    if (!same) sorted = machines.sort((a, b) => collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1));
    return sorted;
  };

  const find = (ref: string, candidates = list()): StoredMachine => {
    const wanted = ref.normalize('NFC');
    const matches = candidates.filter((machine) => machine.id === ref || machine.name === wanted);
    if (matches.length > 1) {
      throw new PhyllomeError('machine-ambiguous', { ref, matches: matches.map((machine) => machine.id) });
    }
    if (matches[0] === undefined) throw new PhyllomeError('machine-not-found', { ref });
    return matches[0];
  };

  const moved = async (from: string, to: string): Promise<void> => {
    await rename(from, to);
    await Promise.all([sync(paths.machines), sync(paths.bin)]);
  };

  return {
    list,
    find,
    requireFreeName(name, exceptId) {
      if (list().some((machine) => machine.name === name && machine.id !== exceptId)) {
        throw new PhyllomeError('name-taken', { name });
      }
    },
    text: (machine) => readFileSync(join(machine.directory, machineFiles.definition), 'utf8'),
    async write(machine, text) {
      await writeAtomic(join(machine.directory, machineFiles.definition), text);
      return find(machine.id);
    },
    async stage(id) {
      const directory = join(paths.machines, stagePrefix + id);
      await mkdir(directory, { mode: 0o700 });
      return {
        directory,
        async commit(text) {
          await writeAtomic(join(directory, machineFiles.definition), text);
          await rename(directory, join(paths.machines, id));
          await sync(paths.machines);
          return find(id);
        },
        // After the commit nothing has this name any more.
        [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
      };
    },
    async moveTo(machine, directory) {
      await mkdir(paths.bin, { recursive: true, mode: 0o700 });
      await moved(machine.directory, directory);
    },
    moveFrom: (directory, id) => moved(directory, join(paths.machines, id)),
  };
}

const collator = new Intl.Collator('en', { numeric: true });

/** Reads a machine's folder, in the list or in the bin. Bad content is a finding, not an exception. */
export function load(
  id: string,
  directory: string,
  file = join(directory, machineFiles.definition),
): StoredMachine {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return broken(id, directory, [`machine.yaml cannot be read: ${reasonOf(error)}`]);
  }
  try {
    const definition = readDefinitionText(text);
    if (!idPattern.test(id) || definition.id !== id) {
      return broken(
        id,
        directory,
        [`the folder is named ${id}, but machine.yaml says id: ${definition.id}`],
        definition.name,
      );
    }
    return { id, name: definition.name, directory, definition, problems: [] };
  } catch (error) {
    const { message, facts } = PhyllomeError.from(error);
    const problems = Array.isArray(facts['problems']) ? [...facts['problems']] : [message];
    return broken(id, directory, problems, nameInText(text));
  }
}

function broken(id: string, directory: string, problems: string[], name = id): StoredMachine {
  return { id, name, directory, definition: null, problems };
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
