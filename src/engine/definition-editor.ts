// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import type { Body, DefinitionText } from '../contract/api.ts';
import { PhyllomeError } from '../contract/errors.ts';
import type { Disk, MachineDefinition } from '../contract/machine.ts';
import { checkName } from '../contract/name.ts';
import { createImage } from '../disk/create.ts';
import { locate } from '../disk/locate.ts';
import { changeText, renameText, type Change } from './definition-change.ts';
import { readDefinitionText, revisionOf } from './definition-file.ts';
import type { Store, StoredMachine } from './store.ts';

/** Everything that writes machine.yaml of a machine that exists. One change after the other, none gets lost. */
export interface DefinitionEditor {
  /** @throws PhyllomeError `name-invalid`, `name-taken` */
  rename(machine: StoredMachine, name: string): Promise<StoredMachine>;
  /** @throws PhyllomeError `definition-changed`, `definition-invalid`, `definition-unreadable`, `name-taken`, `no-space` */
  replace(machine: StoredMachine, text: DefinitionText): Promise<StoredMachine>;
  /** Changes values; comments stay. @throws as `replace` */
  change(machine: StoredMachine, request: Body<'changeDefinition'>): Promise<StoredMachine>;
  /**
   * Makes changes that depend on what stands there at that moment.
   * @param decide returns the changes; none means that nothing is written
   */
  adapt(
    machine: StoredMachine,
    decide: (definition: MachineDefinition) => Change[] | Promise<Change[]>,
  ): Promise<StoredMachine>;
}

export function createDefinitionEditor(
  store: Store,
  onChange: (machine: StoredMachine) => void,
  /** Looks at what somebody wants to change before it is written; what it returns is let go of afterwards */
  mayChange: (
    machine: StoredMachine,
    after: MachineDefinition,
  ) => Promise<AsyncDisposable | null> = async () => null,
): DefinitionEditor {
  const last = new Map<string, Promise<unknown>>();

  /** Waits for the changes of the same machine that came before. */
  const inTurn = async (
    { id }: StoredMachine,
    work: (machine: StoredMachine) => Promise<StoredMachine>,
  ): Promise<StoredMachine> => {
    const begin = () => work(store.find(id));
    const turn = (last.get(id) ?? Promise.resolve()).then(begin, begin);
    last.set(id, turn);
    try {
      return await turn;
    } finally {
      if (last.get(id) === turn) last.delete(id);
    }
  };

  const requireRevision = (machine: StoredMachine, revision: string): void => {
    if (revisionOf(store.text(machine)) !== revision)
      throw new PhyllomeError('definition-changed', { name: machine.name });
  };

  const written = async (machine: StoredMachine, text: string): Promise<StoredMachine> => {
    const now = await store.write(machine, text);
    onChange(now);
    return now;
  };

  /** Writes a text that was found right by itself. */
  const write = async (
    machine: StoredMachine,
    text: string,
    definition: MachineDefinition,
  ): Promise<StoredMachine> => {
    if (definition.id !== machine.id) {
      const summary = `id: found ${definition.id}; allowed: ${machine.id}, which is the name of its folder`;
      throw new PhyllomeError('definition-invalid', { count: 1, summary, problems: [summary] });
    }
    store.requireFreeName(definition.name, machine.id);
    await using undo = new AsyncDisposableStack();
    for (const disk of newDisks(machine, definition)) {
      const file = await makeDisk(machine, disk);
      undo.defer(() => rm(file, { force: true }));
    }
    const now = await written(machine, text);
    undo.move();
    return now;
  };

  const writeChanges = (machine: StoredMachine, changes: readonly Change[]): Promise<StoredMachine> => {
    const { text, definition } = changeText(store.text(machine), changes);
    return write(machine, text, definition);
  };

  return {
    rename: (machine, newName) =>
      inTurn(machine, async (now) => {
        const name = checkName(newName);
        store.requireFreeName(name, now.id);
        return written(now, renameText(store.text(now), name));
      }),
    replace: (machine, { yaml, revision }) =>
      inTurn(machine, async (now) => {
        requireRevision(now, revision);
        const after = readDefinitionText(yaml);
        await using _ = await mayChange(now, after);
        return await write(now, yaml, after);
      }),
    change: (machine, { changes, revision }) =>
      inTurn(machine, async (now) => {
        if (revision !== undefined) requireRevision(now, revision);
        const { text, definition } = changeText(store.text(now), changes);
        await using _ = await mayChange(now, definition);
        return await write(now, text, definition);
      }),
    adapt: (machine, decide) =>
      inTurn(machine, async (now) => {
        const changes = await decide(readDefinitionText(store.text(now)));
        return changes.length === 0 ? now : writeChanges(now, changes);
      }),
  };
}

/** Disks that came into the definition and are to be made. One that was there before and has vanished is not. */
function newDisks({ definition: before, directory }: StoredMachine, { disks }: MachineDefinition): Disk[] {
  const known = new Set(before?.disks.map(({ file }) => file));
  // Without the definition from before, nobody can tell what is new.
  if (before === null) return [];
  return disks.filter(
    ({ file, size }) =>
      !known.has(file) && size !== undefined && !isAbsolute(file) && !existsSync(locate(directory, file)),
  );
}

async function makeDisk({ directory }: StoredMachine, { file, format, size }: Disk): Promise<string> {
  const path = locate(directory, file);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await createImage({ file: path, format, size: size as number });
  return path;
}
