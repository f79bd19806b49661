// SPDX-License-Identifier: Apache-2.0
import { isAbsolute, resolve } from 'node:path';
import { PhyllomeError } from '../contract/errors.ts';
import type { MachineDefinition, RemovableDrive } from '../contract/machine.ts';
import { locate } from '../disk/locate.ts';
import type { Drives } from '../vmm/driver.ts';
import type { AfterInstall } from './after-install.ts';
import type { DefinitionEditor } from './definition-editor.ts';
import { requireVerb } from './lifecycle.ts';
import { requireIsoFile } from './medium.ts';
import { requireDefinition, type Running } from './running.ts';
import type { Runner } from './runner.ts';
import type { StoredMachine } from './store.ts';

/** Media change, in the definition and, when the machine runs, in its drive. */
export interface Media {
  insert(machine: StoredMachine, drive: number, file: string): Promise<StoredMachine>;
  eject(machine: StoredMachine, drive: number): Promise<StoredMachine>;
}

export interface MediaParts {
  running: Pick<Running, 'get' | 'stateOf'>;
  definitions: Pick<DefinitionEditor, 'adapt'>;
  afterInstall: Pick<AfterInstall, 'now'>;
}

export function createMedia({ running, definitions, afterInstall }: MediaParts): Media {
  const change = async (machine: StoredMachine, drive: number, file: string | undefined) => {
    requireVerb(machine.name, running.stateOf(machine.id).name, 'change its media');
    requireDrive(machine, requireDefinition(machine), drive);
    await using undo = new AsyncDisposableStack();
    const changed = await definitions.adapt(machine, async (definition) => {
      requireDrive(machine, definition, drive);
      const runner = running.get(machine.id);
      if (runner !== undefined) undo.defer(await changeLive(machine, runner, drive, file));
      const path = ['removable', drive, 'file'];
      return file === undefined ? [{ path }] : [{ path, value: file }];
    });
    undo.move();
    return changed;
  };

  /** @returns puts back what was there before */
  const changeLive = async (
    machine: StoredMachine,
    runner: Runner,
    drive: number,
    file: string | undefined,
  ): Promise<() => Promise<void>> => {
    const { definition: started } = runner.notes;
    // A drive that came into the definition since the start is not there before the next one.
    if (started !== undefined && started.removable[drive] === undefined) return async () => {};
    const { drives } = runner.session();
    if (drives === undefined) {
      const vmm = runner.plan?.vmm ?? 'Its VMM';
      throw new PhyllomeError('vmm-lacks', { vmm, verb: 'change media', name: machine.name });
    }
    const before = started?.removable[drive]?.file;
    await put(drives, drive, file);
    if (started !== undefined) await noteMedium(machine, runner, started, drive, file);
    return async () => {
      await put(drives, drive, before === undefined ? undefined : locate(machine.directory, before));
      if (started !== undefined) await runner.note({ definition: started });
    };
  };

  /** What is in the drive is in effect: it does not wait for the next start. */
  const noteMedium = async (
    machine: StoredMachine,
    runner: Runner,
    started: MachineDefinition,
    drive: number,
    file: string | undefined,
  ): Promise<void> => {
    const removable = started.removable.map((other, index) =>
      index === drive ? withFile(other, file) : other,
    );
    const definition = { ...started, removable };
    // A medium that comes now is judged by what is written from now on.
    const waits = file !== undefined && machine.definition?.removable[drive]?.detach === 'after-install';
    const before = waits ? await afterInstall.now(definition, machine.directory, runner) : undefined;
    await runner.note({ definition, ...(before !== undefined && { before }) });
  };

  return {
    async insert(machine, drive, given) {
      if (!isAbsolute(given))
        throw new PhyllomeError('bad-request', { reason: `"${given}" is not an absolute path` });
      const file = resolve(given);
      await requireIsoFile(file);
      return change(machine, drive, file);
    },
    eject: (machine, drive) => change(machine, drive, undefined),
  };
}

function put(drives: Drives, drive: number, file: string | undefined): Promise<void> {
  return file === undefined ? drives.eject(drive) : drives.insert(drive, file);
}

function withFile({ file: _, ...drive }: RemovableDrive, file: string | undefined): RemovableDrive {
  return file === undefined ? drive : { ...drive, file };
}

function requireDrive({ name }: StoredMachine, { removable }: MachineDefinition, drive: number): void {
  if (removable[drive] !== undefined) return;
  const count = removable.length === 0 ? 'none' : `only ${removable.length}`;
  throw new PhyllomeError('drive-missing', { name, drive, count });
}
