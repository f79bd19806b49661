// SPDX-License-Identifier: Apache-2.0
//
// Installs a system into a machine without a person: makes what carries the answers, starts the installer, follows it,
// and starts what it installed. What is under way stands in the machine's folder (record.ts), so a later service goes on
// from there; the answers themselves are in the run folder until the installer needs them no more.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import type { EventBody } from '../../contract/event.ts';
import { answersDirectory, machineFiles, type Paths } from '../../contract/paths.ts';
import type { Task } from '../../contract/task.ts';
import type { Facts, Place } from '../../catalog/unattended/answers.ts';
import type { DebianMirror } from '../../catalog/unattended/preseed.ts';
import { milestonesOf } from '../../catalog/unattended/milestones.ts';
import { locate } from '../../disk/locate.ts';
import { sync } from '../../host/files.ts';
import type { DefinitionEditor } from '../definition-editor.ts';
import type { Running } from '../running.ts';
import type { Runner } from '../runner.ts';
import type { Store, StoredMachine } from '../store.ts';
import type { TaskContext, Tasks } from '../tasks.ts';
import { linkInstaller, makeAnswers } from './answers-folder.ts';
import { awaitSystem, type Sign } from './first-start.ts';
import { extractKernel } from './extract-kernel.ts';
import type { InstallJob } from './job.ts';
import { answersImage, installerFiles, onceFor, type Once } from './once.ts';
import { pressAnyKey } from './press-any-key.ts';
import { readInstallRecord, removeInstallRecord, writeInstallRecord, type InstallRecord } from './record.ts';
import { watchInstaller, type InstallerEnd } from './watch-installer.ts';

type Outcome = { machineId: string; outcome: NonNullable<Task['outcome']> };

export interface Installing {
  /** What the next start of a machine has that its definition does not say */
  once(machine: StoredMachine): Once | null;
  /** Refuses answers that cannot be used, before anything is made. @throws PhyllomeError `answers-unusable` */
  check(name: string, job: Pick<InstallJob, 'format' | 'unattended'>): Promise<void>;
  /**
   * Installs into a machine that is there and does not run. An abort erases the machine, whatever it had come to; a
   * failure leaves it as it is.
   * @throws PhyllomeError `install-failed`, `answers-unusable`, whatever a start throws; the reason of the signal
   */
  run(machineId: string, job: InstallJob, context: TaskContext): Promise<Outcome>;
  /** Goes on with what an earlier service was doing, as tasks of their own. */
  recoverAll(): Promise<void>;
  /** Tasks that are aborted from here on only let go of their machines: the next service goes on with them. */
  close(): void;
}

export interface InstallingParts {
  paths: Paths;
  store: Pick<Store, 'find' | 'list'>;
  tasks: Pick<Tasks, 'run'>;
  definitions: Pick<DefinitionEditor, 'adapt'>;
  running: Pick<Running, 'start' | 'get'>;
  /** Removes a machine for good */
  erase: (machine: StoredMachine) => Promise<void>;
  emit: (event: EventBody) => void;
  place: () => Promise<Place>;
  /** Where this PC gets Debian's packages; null: it is no Debian */
  mirror: () => Promise<DebianMirror | null>;
}

export function createInstalling(parts: InstallingParts): Installing {
  const { paths, store, tasks, definitions, running, erase, emit } = parts;
  let closing = false;
  const answersOf = (id: string): string => answersDirectory(paths, id);
  const removeAnswers = (id: string): Promise<void> => rm(answersOf(id), { recursive: true, force: true });

  const makeDelivery = async (
    name: string,
    facts: Facts,
    { format, unattended }: Pick<InstallJob, 'format' | 'unattended'>,
  ) => {
    const [{ completeAnswers }, { deliveryFor }, { hashPassword }] = await Promise.all([
      import('../../catalog/unattended/answers.ts'),
      import('../../catalog/unattended/delivery.ts'),
      import('../../catalog/unattended/hash-password.ts'),
    ]);
    const answers = await completeAnswers(unattended, name, await parts.place(), hashPassword);
    return deliveryFor(format, answers, {
      ...facts,
      mirror: format === 'preseed' ? await parts.mirror() : null,
    });
  };

  /** From the start of the installer to the end of the task; also from the middle of it, after a service was started anew. */
  const follow = async (id: string, record: InstallRecord, context: TaskContext): Promise<Outcome> => {
    try {
      let stage = record.stage;
      if (stage === 'installer') {
        await throughInstaller(store.find(id), record, context);
        stage = 'first-start';
      }
      const sign = await throughFirstStart(store.find(id), record, context);
      await removeInstallRecord(store.find(id).directory);
      return { machineId: id, outcome: outcomeOf(record, sign) };
    } catch (error) {
      if (context.signal.aborted && closing) throw error;
      await removeAnswers(id);
      const machine = store.list().find((listed) => listed.id === id);
      if (machine === undefined) throw error;
      if (context.signal.aborted) {
        await running.get(id)?.cutPower();
        await erase(machine);
      } else await removeInstallRecord(machine.directory);
      throw error;
    }
  };

  const throughInstaller = async (
    machine: StoredMachine,
    record: InstallRecord,
    context: TaskContext,
  ): Promise<void> => {
    const { id, name, directory } = machine;
    // Without a kernel of its own the installer is not ended by us: the machine goes on by itself.
    const staysUp = record.commandLine === null;
    const runner = running.get(id) ?? (await running.start(machine));
    const serialLog = runner.plan?.serialLog;
    if (serialLog == null)
      throw failed(machine, record, 'its serial port is gone, on which it says how far it is');
    // The VMM has read the initrd, so nothing needs this any more.
    if (record.commandLine !== null && !hasImage(answersOf(id))) await forgetSecrets(id);
    if (record.answers === 'autounattend') void pressAnyKey(runner);
    const milestones = record.answers === null ? [] : milestonesOf[record.answers];
    const end = await watchInstaller({ name, runner, serialLog, milestones, staysUp, context });
    requireInstalled(machine, record, end, runner);
    await writeInstallRecord(directory, { ...record, stage: 'first-start' });
    await takeOutMedia(store.find(id), runner);
    await removeAnswers(id);
    if (end.how === 'ended') await storeSafely(machine);
  };

  /** The folder stays, empty: it says that this PC was not started anew since. */
  const forgetSecrets = (id: string): Promise<void> =>
    rm(join(answersOf(id), installerFiles.initrd), { force: true });

  const throughFirstStart = async (
    machine: StoredMachine,
    record: InstallRecord,
    context: TaskContext,
  ): Promise<Sign> => {
    const alreadyUp = running.get(machine.id);
    // With these it is the installed system itself that said so.
    if (alreadyUp !== undefined && record.answers !== null && saysSoItself.has(record.answers))
      return 'agent';
    const runner = alreadyUp ?? (await running.start(machine));
    return awaitSystem(runner, runner.plan?.serialLog ?? null, context);
  };

  /** The media that were only there for the installation, and the answers where a drive carries them. */
  const takeOutMedia = async (machine: StoredMachine, runner: Runner): Promise<void> => {
    const removable = machine.definition?.removable ?? [];
    const drives = removable.flatMap(({ detach, file }, index) =>
      detach === 'after-install' && file !== undefined ? [index] : [],
    );
    const living = running.get(machine.id) === runner ? runner.session().drives : undefined;
    if (living !== undefined) {
      for (const drive of drives) await living.eject(drive);
      if (hasImage(answersOf(machine.id))) await living.eject(removable.length);
    }
    if (drives.length === 0) return;
    await definitions.adapt(machine, () => drives.map((drive) => ({ path: ['removable', drive, 'file'] })));
  };

  return {
    once: (machine) => onceFor(machine, answersOf(machine.id)),
    async check(name, job) {
      await makeDelivery(
        name,
        { architecture: 'x86_64', firmware: 'uefi', disk: '/dev/vda', guestOs: 'generic' },
        job,
      );
    },
    async run(machineId, job, context) {
      const machine = store.find(machineId);
      const record: InstallRecord = {
        formatVersion: 1,
        answers: job.format,
        stage: 'installer',
        commandLine: null,
        system: job.system,
      };
      try {
        context.progress('Preparing the answers', null);
        const delivery = await makeDelivery(machine.name, factsOf(machine), job);
        const installer =
          job.installer !== null && 'medium' in job.installer
            ? await extractKernel(
                job.installer,
                join(machine.directory, machineFiles.installer),
                context.signal,
              )
            : job.installer;
        await makeAnswers(answersOf(machineId), delivery, installer, context.signal);
        if (installer !== null) {
          record.commandLine = [installer.commandLine, delivery.commandLine]
            .filter((part) => part !== '')
            .join(' ');
          await linkInstaller(answersOf(machineId), installer, delivery.by === 'initrd');
        }
        await writeInstallRecord(machine.directory, record);
      } catch (error) {
        await removeAnswers(machineId);
        await erase(machine);
        throw error;
      }
      return follow(machineId, record, context);
    },
    async recoverAll() {
      for (const machine of store.list()) {
        const record = recordOf(machine, emit);
        if (record === null || record.answers === null) continue;
        const { id, name, directory } = machine;
        if (running.get(id) === undefined && record.stage === 'installer') {
          // It ended while nobody was there, or this PC was started anew.
          await removeInstallRecord(directory);
          await removeAnswers(id);
          const { message } = failed(machine, record, 'it ended while the service was not running');
          emit({ type: 'machine.warning', machineId: id, machineName: name, text: message });
          continue;
        }
        tasks.run(`Install ${name}`, id, (context) => follow(id, record, context));
      }
    },
    close() {
      closing = true;
    },
  };
}

const saysSoItself: ReadonlySet<string> = new Set(['cloud-init', 'ignition', 'autounattend']);

const hasImage = (folder: string): boolean => existsSync(join(folder, answersImage));

function recordOf(machine: StoredMachine, emit: (event: EventBody) => void): InstallRecord | null {
  try {
    return readInstallRecord(machine.directory);
  } catch (error) {
    const { message } = PhyllomeError.from(error);
    emit({ type: 'machine.warning', machineId: machine.id, machineName: machine.name, text: message });
    return null;
  }
}

function factsOf({ definition }: StoredMachine): Facts {
  const bus = definition?.disks[0]?.bus ?? 'virtio';
  return {
    architecture: definition?.architecture ?? 'x86_64',
    firmware: definition?.boot.type === 'bios' ? 'bios' : 'uefi',
    disk: bus === 'virtio' ? '/dev/vda' : bus === 'nvme' ? '/dev/nvme0n1' : '/dev/sda',
    guestOs: definition?.guestOs ?? 'generic',
  };
}

function requireInstalled(
  machine: StoredMachine,
  record: InstallRecord,
  end: InstallerEnd,
  runner: Runner,
): void {
  const { standing, how, lastLines } = end;
  if (how !== 'failed' && standing.installed) return;
  const { state } = runner;
  const reason =
    standing.failure ??
    (state.name === 'crashed' ? state.reason : `the machine went off in the middle of "${standing.step}"`);
  throw failed(machine, record, reason, lastLines);
}

function failed(
  machine: StoredMachine,
  { system }: InstallRecord,
  reason: string,
  log: readonly string[] = [],
): PhyllomeError {
  const words = log.slice(-8).map((line) => line.trim().slice(0, 200));
  const last = words.length === 0 ? '' : ` Its last words: ${words.join(' | ')}`;
  return new PhyllomeError('install-failed', { name: machine.name, system, reason: `${reason}.${last}` });
}

/** While it was installed nothing waited for the storage; from here on the system is somebody's. */
async function storeSafely({ definition, directory }: StoredMachine): Promise<void> {
  for (const { file } of definition?.disks ?? []) await sync(locate(directory, file));
}

function outcomeOf({ system }: InstallRecord, sign: Sign): Outcome['outcome'] {
  const text = {
    agent: `${system} is installed and runs from its own disk.`,
    login: `${system} is installed, runs from its own disk and asks for a login.`,
    ended: `${system} is installed. It went off by itself after its first start.`,
    none: `${system} is installed and was started from its own disk; it has not said yet that it is up.`,
  }[sign ?? 'none'];
  return { text, facts: { system, sign } };
}
