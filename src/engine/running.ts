// SPDX-License-Identifier: Apache-2.0
import { namesIn } from '../host/files.ts';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import type { MachineDefinition } from '../contract/machine.ts';
import { runDirectory, type Paths } from '../contract/paths.ts';
import type { Decision, LaunchPlan, Restore } from '../contract/plan.ts';
import type { MachineState } from '../contract/state.ts';
import type { MachineVerdicts } from '../contract/vmm.ts';
import type { DiskKey } from '../disk/disk-key.ts';
import { sameProcess } from '../host/identity.ts';
import { chooseDriver } from '../vmm/choose.ts';
import type { Driver, GivenKernel, MachinePaths, Reason, Verdict } from '../vmm/driver.ts';
import { claimOfRun, type Admission } from './admission.ts';
import type { AfterInstall, Rest } from './after-install.ts';
import type { EventStream } from './event-stream.ts';
import type { DiskKeys } from './encryption/disk-keys.ts';
import { encryptedLayers, keyForStart } from './encryption/before-start.ts';
import { launch, type Cables } from './launch.ts';
import { requireNoTemplate } from './clones/template.ts';
import { requireVerb } from './lifecycle.ts';
import { readCrash, rememberCrash } from './crash-file.ts';
import type { Once } from './install/once.ts';
import { limit, logsOf, tailLines } from './log-file.ts';
import { resolveGuestKernel, type KernelUse } from './guest-kernel.ts';
import { machineState } from './machine-state.ts';
import { preflight } from './preflight.ts';
import { prepareResume, requireSameKind, resumeFailure, type Resuming } from './resuming.ts';
import { readRunFile, type RunFile, type RunNotes } from './run-file.ts';
import { crashFileOf, crashLines, createRunner, type Runner } from './runner.ts';
import { recoverSaved, removeUsed, savedDetails, settleLiving, useSaved } from './saved-recovery.ts';
import { hasSaved } from './saved-state.ts';
import type { Store, StoredMachine } from './store.ts';
import { judgeMachine } from './vmms.ts';
import { reap } from './supervisor.ts';

// How often the logs of running machines are looked at (ms); a serial port writes some 100 kB/s at most.
const logInterval = 60_000;
// What a command may write in all (bytes) before the beginning of it is forgotten.
const mostOutput = 4 * 2 ** 30;

/** The machines that run, and how they come to do so. */
export interface Running {
  get(id: string): Runner | undefined;
  /** Also for machines that do not run: how they ended */
  stateOf(id: string): MachineState;
  ids(): string[];
  plan(machine: StoredMachine): Promise<LaunchPlan>;
  /** What every VMM says of a machine, and which one a start would take */
  judge(machine: StoredMachine): Promise<MachineVerdicts>;
  /** @param passphrase of its encrypted disks, unless somebody keeps their key */
  start(machine: StoredMachine, passphrase?: string): Promise<Runner>;
  /** A saved memory was thrown away: says so */
  discarded(machine: StoredMachine): void;
  pathsOf(machine: Pick<StoredMachine, 'id' | 'directory'>): MachinePaths;
  /** How a machine ended that is gone for good */
  forget(id: string): void;
  /** Takes over what an earlier service started, and clears away what did not survive. */
  adoptAll(store: Store): Promise<void>;
  close(): void;
}

export interface RunningOptions {
  paths: Paths;
  drivers: readonly Driver[];
  events: EventStream;
  bootId: string;
  /** Says no, with the numbers, when this PC has no room for a machine. */
  admission: Pick<Admission, 'admit' | 'readmit' | 'release'>;
  /** Puts the processes of a machine under the limits of all guests. Never throws */
  place: (machineId: string, pids: readonly number[]) => Promise<void>;
  /** Keeps machines from being started while they are moved to another VMM, and ends the move after the start */
  switching?: {
    /** @returns the machine as it is then: what was put in order may have changed its definition */
    beforeStart(machine: StoredMachine): Promise<StoredMachine>;
    started(machine: StoredMachine): Promise<void>;
  };
  /** What one start has that the definition does not say: the installer of a system; null: nothing */
  once?: (machine: StoredMachine) => Once | null;
  /** Hears that the guest of a machine powered off or began anew, before its VMM is ended */
  onRest?: (id: string) => void;
  /** Takes installation media out when they have done their work */
  afterInstall: Pick<AfterInstall, 'before' | 'rested'>;
  cables: Cables;
  diskKeys: Pick<DiskKeys, 'unlock' | 'remember' | 'forget'>;
  /** Hears of each machine that has stopped or crashed. Never throws */
  onEnd?: (id: string) => Promise<void>;
}

export function createRunning(options: RunningOptions): Running {
  const {
    paths,
    drivers,
    events,
    bootId,
    admission,
    place,
    afterInstall,
    cables,
    diskKeys,
    onEnd,
    switching,
  } = options;
  const runners = new Map<string, Runner>();
  const lastStates = new Map<string, MachineState>();
  // Machines whose guest wanted to begin anew while no service was there to start them again.
  const beganAnew: string[] = [];
  const createdAt = new Date().toISOString();
  const stateOf = (id: string): MachineState => {
    const directory = join(paths.machines, id);
    const runner = runners.get(id);
    if (runner === undefined && hasSaved(directory)) return machineState('saved', savedDetails(directory));
    return runner?.state ?? lastStates.get(id) ?? { name: 'stopped', since: createdAt };
  };
  const emit = events.emit.bind(events);

  const logLimiter = setInterval(() => void limitLogs(runners.values()), logInterval);
  logLimiter.unref();

  const runnerFor = (machine: Pick<StoredMachine, 'id' | 'name'>): Runner => {
    const { id, name } = machine;
    const crashFile = crashFileOf(join(paths.logs, id));
    const onRest = (rest: Rest) => {
      options.onRest?.(id);
      return afterInstall.rested(id, runner, rest);
    };
    const relaunch = (driver: Driver, plan: LaunchPlan) =>
      launch(plan, driver, runner, {
        bootId,
        notes: runner.notes,
        place: (pids) => place(id, pids),
        cables,
        again: true,
      });
    const runner: Runner = createRunner({ id, name, crashFile, emit, bootId, onRest, relaunch });
    runners.set(id, runner);
    void runner.ended.then(() => {
      runners.delete(id);
      // Whether it is saved is read from the disk each time.
      if (runner.state.name === 'saved') lastStates.delete(id);
      else lastStates.set(id, runner.state);
      admission.release(id);
      diskKeys.forget(id);
      if (runner.plan?.cables !== undefined) void cables.unplug(runner.plan.cables);
      void onEnd?.(id);
    });
    return runner;
  };

  const prepare = async (
    machine: StoredMachine,
    wanted: MachineDefinition,
    use: KernelUse,
    restore?: Restore,
    given?: GivenKernel,
  ): Promise<{ driver: Driver; plan: LaunchPlan }> => {
    const places = { ...pathsOf(machine), ...(await encryptedLayers(wanted, machine.directory)) };
    const { definition, decisions, ready } = await resolveGuestKernel(wanted, machine.directory, use);
    // Files that are only made by a start cannot be examined before it.
    const choice = await chooseDriver(ready ? definition : wanted, drivers, places);
    const { driver, report, verdict, reasons } = choice;
    const plan = driver.plan(definition, report, places, restore, given);
    return {
      driver,
      plan: {
        ...plan,
        decisions: [...decisionsOf(driver, verdict, reasons), ...decisions, ...plan.decisions],
      },
    };
  };
  /** The VMM that saved a memory is the one that reads it, and the kernel that was copied is the one that runs. */
  const prepareStart = (
    machine: StoredMachine,
    definition: MachineDefinition,
    resuming: Resuming | null,
    once: Once | null = null,
  ) =>
    resuming === null
      ? prepare(machine, once?.definition ?? definition, 'start', undefined, once?.kernel ?? undefined)
      : prepare(machine, { ...definition, vmm: resuming.record.vmm }, 'running', resuming.restore);

  const pathsOf = ({ id, directory }: Pick<StoredMachine, 'id' | 'directory'>): MachinePaths => ({
    machine: directory,
    run: runDirectory(paths, id),
    logs: join(paths.logs, id),
    tpmAuthority: paths.tpmAuthority,
  });

  const adopt = async (run: RunFile, store: Store): Promise<void> => {
    const { plan, vmm } = run;
    const driver = drivers.find(({ name }) => name === plan.vmm);
    if (run.bootId === bootId && vmm !== null && driver !== undefined && sameProcess(vmm)) {
      const stored = store.list().find(({ id }) => id === plan.machine.id);
      const machine = stored ?? plan.machine;
      // It runs, so it has its place, whether it would be given one now or not.
      admission.readmit(claimOfRun(run, stored?.definition ?? null));
      void place(plan.machine.id, [vmm.pid]);
      const runner = runnerFor(machine);
      await runner.adopt(driver, run);
      if (stored !== undefined) await settle(stored, runner);
      return;
    }
    await reap(plan);
    const folder = store.list().find(({ id }) => id === plan.machine.id);
    if (folder !== undefined) await recoverSaved(folder);
    if (folder !== undefined && hasSaved(folder.directory)) return;
    // A reboot or an unfinished start is an end in order; a VMM that vanished by itself is not.
    if (run.bootId !== bootId || vmm === null) return;
    const log = await tailLines(plan.process.log, crashLines);
    // One that ends with its guest left its last words.
    const ending = driver?.ending?.(null, log) ?? null;
    if (ending === 'reset' && plan.onReset !== 'end') beganAnew.push(plan.machine.id);
    if (ending === 'reset' || ending === 'shut-down') return;
    const reason = `The VMM (${plan.vmm}) ended while the service was not running.`;
    await rememberCrash(crashFileOf(join(paths.logs, plan.machine.id)), {
      since: new Date().toISOString(),
      reason,
      log,
    });
  };

  /** A machine whose control channel is lost stays as it is: what its VMM was doing cannot be known. */
  const settle = async (machine: StoredMachine, runner: Runner): Promise<void> => {
    try {
      await settleLiving(machine, runner);
    } catch (thrown) {
      const { message } = PhyllomeError.from(thrown);
      const text = `The saving of its memory was interrupted, and could not be put in order: ${message}`;
      emit({ type: 'machine.warning', machineId: machine.id, machineName: machine.name, text });
    }
  };

  /** Lets it go on from its saved memory, if there is one. */
  const go = async (
    machine: StoredMachine,
    runner: Runner,
    driver: Driver,
    plan: LaunchPlan,
    notes: RunNotes,
    resuming: Resuming | null,
    diskKey: DiskKey | null,
  ): Promise<void> => {
    const context = {
      bootId,
      diskKey,
      cables,
      place: (pids: readonly number[]) => place(machine.id, pids),
      notice: (text: string) =>
        emit({ type: 'machine.notice', machineId: machine.id, machineName: machine.name, text }),
    };
    if (resuming === null) return launch(plan, driver, runner, { ...context, notes });
    const { at } = resuming.record;
    await launch(plan, driver, runner, {
      ...context,
      notes: { ...notes, resuming: true, resumedFrom: at },
      beforeGoing: () => useSaved(machine.directory),
    });
    await removeUsed(machine.directory);
    await runner.note({ resuming: false });
    // A guest may take its time to answer; that is no reason to wait with the answer to whoever started it.
    void runner
      .session()
      .setClock?.()
      .catch((thrown: unknown) => {
        const text = `The clock of the guest may still show when it was saved: ${reasonOf(thrown)}`;
        emit({ type: 'machine.notice', machineId: machine.id, machineName: machine.name, text });
      });
  };

  const running: Running = {
    get: (id) => runners.get(id),
    stateOf,
    pathsOf,
    ids: () => [...runners.keys()],
    forget: (id) => void lastStates.delete(id),
    plan: async (machine) => {
      const use = runners.has(machine.id) ? 'running' : 'look';
      const now = requireDefinition(machine);
      const resuming = runners.has(machine.id) ? null : await prepareResume(machine, now);
      if (resuming !== null) return (await prepareStart(machine, resuming.definition, resuming)).plan;
      const once = use === 'look' ? (options.once?.(machine) ?? null) : null;
      return (await prepare(machine, once?.definition ?? now, use, undefined, once?.kernel ?? undefined))
        .plan;
    },
    async judge(machine) {
      const wanted = requireDefinition(machine);
      const use = runners.has(machine.id) ? 'running' : 'look';
      const boot = await resolveGuestKernel(wanted, machine.directory, use).catch(PhyllomeError.from);
      if (!(boot instanceof PhyllomeError))
        return judgeMachine(boot.ready ? boot.definition : wanted, drivers, pathsOf(machine));
      const { code, message, hint } = boot;
      return judgeMachine(wanted, drivers, pathsOf(machine), [{ code, text: message, hint }]);
    },
    async start(asked, passphrase) {
      requireVerb(asked.name, stateOf(asked.id).name, 'start');
      requireDefinition(asked);
      requireNoTemplate(asked, 'start');
      const runner = runnerFor(asked);
      let machine = asked;
      // From here on a second start is refused, although nothing has been done yet.
      runner.happened('start');
      try {
        machine = (await switching?.beforeStart(machine)) ?? machine;
        const now = requireDefinition(machine);
        const resuming = await prepareResume(machine, now);
        const definition = resuming?.definition ?? now;
        const once = resuming === null ? (options.once?.(machine) ?? null) : null;
        await preflight(once?.definition ?? definition, machine.directory);
        const diskKey = await keyForStart(machine, definition, diskKeys, passphrase);
        const { driver, plan } = await prepareStart(machine, definition, resuming, once);
        if (resuming !== null) requireSameKind(plan, resuming);
        const { claim, warning } = admission.admit(definition, plan.accelerator);
        if (warning !== null)
          emit({ type: 'machine.warning', machineId: machine.id, machineName: machine.name, text: warning });
        const before = await afterInstall.before(definition, machine.directory);
        await go(machine, runner, driver, plan, { claim, definition, before }, resuming, diskKey);
        if (diskKey !== null) diskKeys.remember(machine.id, diskKey);
        await switching?.started(machine);
        return runner;
      } catch (thrown) {
        await recoverSaved(machine);
        const wasSaved = hasSaved(machine.directory);
        const plain = PhyllomeError.from(thrown);
        const error = wasSaved ? resumeFailure(machine.name, plain) : plain;
        emit({
          type: 'machine.error',
          machineId: machine.id,
          machineName: machine.name,
          error: error.report(),
        });
        if (wasSaved) runner.happened('resume-failed', savedDetails(machine.directory));
        else runner.happened('start-failed');
        throw error;
      }
    },
    discarded({ id, name }) {
      lastStates.set(id, machineState('stopped'));
      emit({ type: 'machine.state', machineId: id, machineName: name, state: stateOf(id) });
    },
    async adoptAll(store) {
      // Side by side, since a VMM that hangs is waited for.
      const names = (await readdir(paths.runtime)).filter((name) => /^[0-9a-f]{8}$/.test(name));
      await Promise.all(
        names.map(async (name) => {
          const directory = join(paths.runtime, name);
          const run = await readRunFile(directory);
          if (run === null) await rm(directory, { recursive: true, force: true });
          else await adopt(run, store);
        }),
      );
      for (const id of await namesIn(paths.logs)) {
        const crash = await readCrash(crashFileOf(join(paths.logs, id)));
        if (crash !== null) lastStates.set(id, { name: 'crashed', ...crash });
      }
      for (const machine of store.list()) if (!runners.has(machine.id)) await recoverSaved(machine);
      for (const id of beganAnew.splice(0)) {
        const machine = store.list().find((one) => one.id === id);
        // A start that fails has told so as an event.
        if (machine !== undefined) void running.start(machine).catch(() => {});
      }
    },
    close() {
      clearInterval(logLimiter);
      for (const runner of runners.values()) runner.release();
    },
  };
  return running;
}

/** Why another VMM than the preferred one, and what the machine does without. */
function decisionsOf(driver: Driver, { losses }: Verdict, reasons: readonly Reason[]): Decision[] {
  return [
    ...(reasons.length === 0
      ? []
      : [{ what: `VMM: ${driver.name}`, why: reasons.map(({ text }) => text).join(' ') }]),
    ...losses.map(({ text, hint }) => ({ what: 'left out', why: `${text} ${hint}` })),
  ];
}

/** @throws PhyllomeError `machine-broken` */
export function requireDefinition(machine: StoredMachine): MachineDefinition {
  if (machine.definition !== null) return machine.definition;
  throw new PhyllomeError('machine-broken', {
    name: machine.name,
    reason: machine.problems.join('. '),
    file: join(machine.directory, 'machine.yaml'),
  });
}

async function limitLogs(runners: Iterable<Runner>): Promise<void> {
  for (const { plan, notes } of runners) {
    // The serial port of a throw-away machine is the output of its command, of which nothing may be lost.
    const whole = notes.definition?.throwAway === true ? plan?.serialLog : null;
    for (const log of plan === null ? [] : logsOf(plan))
      await limit(log, log === whole ? mostOutput : undefined);
  }
}
