// SPDX-License-Identifier: Apache-2.0
//
// Moves a machine to another VMM, and back. At every moment the folder holds the machine as it was or as it will be:
// copies are made beside the disks, one write of machine.yaml is the step from the one to the other, and what was replaced
// goes only after the machine was started.
import { mkdir, rm } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { PhyllomeError } from '../contract/errors.ts';
import type { MachineDefinition } from '../contract/machine.ts';
import type { SwitchPlan, SwitchRequest } from '../contract/switch.ts';
import type { Task } from '../contract/task.ts';
import { copyDiffers, copyDisk, sameContent } from '../disk/convert.ts';
import { locate } from '../disk/locate.ts';
import { sync } from '../host/files.ts';
import { requireNoTemplate } from './clones/template.ts';
import type { DefinitionEditor } from './definition-editor.ts';
import { readDefinitionText, revisionOf } from './definition-file.ts';
import { resolveGuestKernel } from './guest-kernel.ts';
import type { Hold, Holds } from './holds.ts';
import { requireVerb } from './lifecycle.ts';
import { requireDefinition, type Running } from './running.ts';
import type { Store, StoredMachine } from './store.ts';
import { writeJournal, type SwitchJournal } from './switch-journal.ts';
import { prepareSwitch, type PreparedSwitch, type SwitchSurroundings } from './switch-plan.ts';
import { finishSwitch, recoverSwitch } from './switch-recovery.ts';
import type { TaskContext, Tasks } from './tasks.ts';

export interface Switching {
  /** What it would do; changes nothing but the remains of an interrupted one */
  plan(machine: StoredMachine, request: SwitchRequest): Promise<SwitchPlan>;
  /** What can be refused is refused at once. @throws PhyllomeError `switch-refused`, `machine-state`, ... */
  begin(machine: StoredMachine, request: SwitchRequest): Promise<Task>;
  /** To be called before each start. @throws PhyllomeError `machine-state` */
  beforeStart(machine: StoredMachine): Promise<void>;
  /** To be called after each start; never throws */
  started(machine: StoredMachine): Promise<void>;
  /** Puts in order what a killed service left; never throws */
  recoverAll(): Promise<void>;
}

export interface SwitchingParts extends SwitchSurroundings {
  store: Store;
  tasks: Tasks;
  definitions: Pick<DefinitionEditor, 'replace'>;
  holds: Holds;
  running: Pick<Running, 'start' | 'stateOf' | 'get'>;
  /** All machines but this one, those in the bin too */
  others: () => Promise<readonly StoredMachine[]>;
  warn: (machine: StoredMachine, text: string) => void;
}

export function createSwitching(parts: SwitchingParts): Switching {
  const { store, tasks, definitions, running, holds } = parts;
  // The one start that a move makes itself.
  const ownStarts = new Set<string>();

  const prepare = async (
    machine: StoredMachine,
    request: SwitchRequest,
  ): Promise<{ prepared: PreparedSwitch; pending: SwitchJournal | null }> => {
    requireVerb(machine.name, running.stateOf(machine.id).name, 'be moved to another VMM');
    holds.requireFree(machine, 'be moved to another VMM');
    const definition = requireDefinition(machine);
    requireNoTemplate(machine, 'be moved to another VMM');
    const pending = await recoverSwitch(machine);
    const text = store.text(machine);
    return { prepared: await prepareSwitch(machine, definition, text, request, pending, parts), pending };
  };

  const move = async (
    machine: StoredMachine,
    { prepared, pending }: Awaited<ReturnType<typeof prepare>>,
    start: boolean,
    hold: Hold,
    context: TaskContext,
  ): Promise<void> => {
    const { text, newText, conversions, back, revision, plan } = prepared;
    const { directory } = machine;
    const journal: SwitchJournal = {
      formatVersion: 1,
      before: text,
      back,
      copies: conversions.map(({ copy }) => copy),
      // A disk outside of the folder is not ours to remove.
      originals: conversions.map(({ file }) => file).filter((file) => !isAbsolute(file)),
      previous: pending,
    };
    await using undo = new AsyncDisposableStack();
    await writeJournal(directory, journal);
    undo.defer(async () => void (await recoverSwitch(store.find(machine.id))));
    for (const conversion of conversions) await convert(machine, conversion, context);
    const definition = readDefinitionText(newText);
    await requireStartable(machine, definition, prepared, context);
    context.signal.throwIfAborted();
    await definitions.replace(machine, { yaml: newText, revision });
    undo.defer(() => putBack(machine, text, newText));
    if (start) {
      context.progress(`Starting it with ${plan.to}`, null);
      await hold.releaseFiles();
      ownStarts.add(machine.id);
      await running.start(store.find(machine.id));
    }
    undo.move();
  };

  /** Writes the definition from before, unless somebody has changed the new one meanwhile: that is then kept. */
  const putBack = async (machine: StoredMachine, text: string, newText: string): Promise<void> => {
    await definitions.replace(store.find(machine.id), { yaml: text, revision: revisionOf(newText) });
  };

  /** What only the copies can tell: is there a kernel, and does the VMM like the files? */
  const requireStartable = async (
    machine: StoredMachine,
    wanted: MachineDefinition,
    { driver, plan }: PreparedSwitch,
    { signal, progress }: TaskContext,
  ): Promise<void> => {
    if (wanted.boot.type === 'guest-kernel') progress("Reading the guest's kernel from its disk", null);
    const { definition } = await resolveGuestKernel(wanted, machine.directory, 'start', signal);
    const reasons = (await driver?.examine?.(definition, parts.pathsOf(machine))) ?? [];
    if (reasons.length > 0) throw refused(machine.name, plan.to, reasons);
  };

  const switching: Switching = {
    async plan(machine, request) {
      return (await prepare(machine, request)).prepared.plan;
    },
    async begin(machine, request) {
      const ready = await prepare(machine, request);
      const { plan } = ready.prepared;
      if (plan.refusals.length > 0) throw refused(machine.name, plan.to, plan.refusals);
      const hold = await holds.takeFiles(machine, 'be moved to another VMM', 'being moved to another VMM');
      return tasks.run(`Move ${machine.name} to ${plan.to}`, machine.id, async (context) => {
        try {
          await move(machine, ready, request.start, hold, context);
          return machine.id;
        } catch (thrown) {
          throw failed(machine.name, plan.to, thrown);
        } finally {
          await hold.release();
        }
      });
    },
    async beforeStart(machine) {
      if (!ownStarts.delete(machine.id)) holds.requireFree(machine, 'start');
      await recoverSwitch(machine);
    },
    async started(machine) {
      try {
        await finishSwitch(store.find(machine.id), parts.others);
      } catch (error) {
        const { message } = PhyllomeError.from(error);
        parts.warn(machine, `What a move to another VMM replaced could not be cleared away: ${message}`);
      }
    },
    async recoverAll() {
      for (const machine of store.list()) {
        try {
          const pending = await recoverSwitch(machine);
          // It was started before the service was killed.
          if (pending !== null && running.get(machine.id) !== undefined) await switching.started(machine);
        } catch (error) {
          parts.warn(machine, `A move to another VMM was interrupted: ${PhyllomeError.from(error).message}`);
        }
      }
    },
  };
  return switching;
}

async function convert(
  { directory, definition }: StoredMachine,
  { disk, file, copy }: PreparedSwitch['conversions'][number],
  { signal, progress }: TaskContext,
): Promise<void> {
  const source = { file: locate(directory, file), format: definition?.disks[disk]?.format ?? 'qcow2' };
  const target = locate(directory, copy);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const copying = (fraction: number): void => progress(`Copying ${file} to ${copy}`, fraction);
  const comparing = (fraction: number): void => progress(`Comparing ${copy} with ${file}`, fraction);
  copying(0);
  try {
    await copyDisk({ source, target, format: 'raw', grownTo: null, signal, onProgress: copying });
    comparing(0);
    if (!(await sameContent(source, { file: target, format: 'raw' }, signal, comparing)))
      throw copyDiffers(target);
    progress('Storing it safely', null);
    await sync(target);
    await sync(dirname(target));
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
}

function refused(
  name: string,
  vmm: string,
  reasons: readonly { code: string; text: string; hint: string }[],
) {
  return new PhyllomeError('switch-refused', {
    name,
    vmm,
    reasons: reasons.map(({ text }) => text).join(' '),
    next: [...new Set(reasons.map(({ hint }) => hint))].join(' '),
    codes: reasons.map(({ code }) => code),
  });
}

/** With what went wrong in it: nobody should have to guess whether the machine is still what it was. */
function failed(name: string, vmm: string, thrown: unknown): PhyllomeError {
  // Somebody changed the new definition at the same time: it stays, and so does all that it needs.
  if (thrown instanceof SuppressedError) return PhyllomeError.from(thrown.suppressed);
  const error = PhyllomeError.from(thrown);
  if (error.code === 'switch-refused' || error.code === 'machine-in-use') return error;
  const facts = { name, vmm, reason: error.message, next: error.hint, code: error.code };
  return new PhyllomeError('switch-failed', facts, { cause: thrown });
}
