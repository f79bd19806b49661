// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { RunInfo } from '../contract/api.ts';
import type { EventBody } from '../contract/event.ts';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import type { LaunchPlan } from '../contract/plan.ts';
import type { MachineState, StateName } from '../contract/state.ts';
import type { LackedVerb, Measurement } from '../contract/vmm.ts';
import type { Driver, ProcessExit, Session, VmmEvent } from '../vmm/driver.ts';
import { forgetCrash, rememberCrash } from './crash-file.ts';
import { lacksOf } from './lacks.ts';
import { nextState, type Happening } from './lifecycle.ts';
import type { Rest } from './after-install.ts';
import { crashReason, machineState, type StateDetails } from './machine-state.ts';
import { tailLines } from './log-file.ts';
import { writeRunFile, type ProcessIdentity, type RunFile, type RunNotes } from './run-file.ts';
import { endProcess, goneWithin, reap, whenGone } from './supervisor.ts';

// How long a VMM may take from "quit" until its process is gone: it flushes its disks (ms).
const quitPatience = 10_000;
// How long we try to get the control channel of a living VMM back (ms).
const reattachPatience = 5000;
// A guest that begins anew so often within so long is in a loop, e.g. after a triple fault. VMMs tell one reset up to
// three times at once, which counts once (ms).
const mostResets = 10;
const resetWindow = 10_000;
const sameReset = 100;
// Lines of the log that are kept with a crash.
export const crashLines = 20;

/** A machine that runs, from "start" to its end. Exactly one exists for each running machine of the service. */
export interface Runner {
  readonly state: MachineState;
  readonly info: RunInfo | null;
  readonly plan: LaunchPlan | null;
  /** What its VMM has no way to do; nothing is known of one whose control channel is lost */
  readonly lacks: readonly LackedVerb[];
  /** @throws PhyllomeError `vmm-gone` when the control channel is lost */
  session(): Session;
  /** Marks a thing that people asked for and that needs no word of the VMM. */
  happened(happening: Happening, details?: StateDetails): void;
  /** Connects to the VMM of a plan. */
  attach(driver: Driver, plan: LaunchPlan, signal: AbortSignal): Promise<Session>;
  /**
   * Lets the guest run and remembers the machine for a later service.
   * @param beforeGoing is done when it is remembered and has not run yet
   */
  launched(
    vmm: ProcessIdentity & { ended?: Promise<ProcessExit> },
    notes: RunNotes,
    beforeGoing?: () => Promise<void>,
  ): Promise<void>;
  /** What is remembered of this run, also by a later service */
  readonly notes: Readonly<RunNotes>;
  note(change: RunNotes): Promise<void>;
  /** Takes over a machine that an earlier service started and whose VMM lives. Never throws. */
  adopt(driver: Driver, run: RunFile): Promise<void>;
  /** Presses the reset button, or ends the VMM and starts it again where it has none. */
  reset(): Promise<void>;
  /** Ends the VMM at once. */
  cutPower(): Promise<void>;
  /** Ends the VMM of a machine whose memory is on the disk. */
  endSaved(details: StateDetails): Promise<void>;
  /** Resolves when the machine is stopped, saved or crashed. */
  ended: Promise<void>;
  /** Lets go of the control channel; the machine keeps running. */
  release(): void;
}

export interface RunnerOptions {
  id: string;
  name: string;
  crashFile: string;
  emit: (event: EventBody) => void;
  bootId: string;
  /** Called when the guest begins anew or has powered off; the VMM is not ended before this is done */
  onRest?: (rest: Rest) => Promise<void>;
  /** Carries the plan out once more, after the guest of a VMM that ends with it began anew */
  relaunch: (driver: Driver, plan: LaunchPlan) => Promise<void>;
}

export function createRunner(options: RunnerOptions): Runner {
  const { id, name, crashFile, emit, bootId, onRest } = options;
  let state: MachineState = machineState('stopped');
  // Whether the guest said that it is up. It stays so while it is paused.
  let ready = false;
  let driver: Driver | null = null;
  let plan: LaunchPlan | null = null;
  let session: Session | null = null;
  let vmm: (ProcessIdentity & { ended?: Promise<ProcessExit> }) | null = null;
  let startedAt = '';
  let measured: Measurement | null = null;
  let notes: RunNotes = {};
  // Once a machine ends, whatever else its VMM says no longer matters.
  let dying: Promise<void> | null = null;
  const released = new AbortController();
  // The VMM ended with its guest and is being started again.
  let relaunching: Promise<void> | null = null;
  let resets: number[] = [];
  const end = Promise.withResolvers<void>();

  const about = () => ({ machineId: id, machineName: name });
  const warn = (text: string): void => emit({ type: 'machine.warning', ...about(), text });

  const enter = (next: StateName, details: StateDetails = {}): void => {
    state = machineState(next, { ready, ...details });
    emit({ type: 'machine.state', ...about(), state });
    if (next === 'stopped' || next === 'crashed' || next === 'saved') end.resolve();
  };
  const happened = (happening: Happening, details?: StateDetails): void => {
    const next = nextState(state.name, happening);
    // The VMM confirms what we asked for, and says some things twice; only changes count.
    if (next !== null) enter(next, details);
  };

  /** Ends the machine once, whoever notices first that it has to. */
  const die = (how: () => Promise<void>): Promise<void> =>
    (dying ??= (relaunching ?? Promise.resolve()).then(how));

  /** Removes everything that belongs to the run, then says how it ended. */
  const settle = async (
    happening: 'ended' | 'crashed' | 'saved',
    reason = '',
    log: string[] = [],
    details: StateDetails = {},
  ): Promise<void> => {
    session?.close();
    session = null;
    if (plan !== null) await reap(plan);
    if (happening === 'crashed') await rememberCrash(crashFile, { since: now(), reason, log });
    happened(happening, { reason, log, ...details });
  };

  /** What was measured before the first instruction of the guest. It does not change while the VMM lives. */
  const measure = async (living: Session): Promise<void> => {
    try {
      measured = (await living.measurement?.()) ?? null;
    } catch (error) {
      warn(`What was measured at its start could not be asked: ${reasonOf(error)}`);
    }
  };

  const quit = async (): Promise<void> => {
    // Whether it answers or hangs, the process has to be gone in the end.
    if (vmm === null) return;
    try {
      if (session?.quit !== undefined) {
        await session.quit();
        if (await goneWithin(vmm, quitPatience)) return;
      }
    } catch (error) {
      warn(`The VMM did not quit by itself: ${PhyllomeError.from(error).message}`);
    }
    await endProcess(vmm);
  };

  const stopInOrder = async (): Promise<void> => {
    await quit();
    await settle('ended');
  };

  const stopAfterPowerOff = async (): Promise<void> => {
    if (onRest !== undefined) await guarded(onRest('shut-down'));
    await stopInOrder();
  };

  const stopAfterPanic = async (): Promise<void> => {
    const log = plan?.serialLog == null ? [] : await tailLines(plan.serialLog, crashLines);
    try {
      await session?.screenshot?.(`${crashFile}.png`);
    } catch {
      // A machine without a display has no last picture; the log is there.
    }
    await quit();
    await settle('crashed', 'The kernel of the guest panicked.', log);
  };

  /** What follows when the VMM is gone and nobody asked for it. */
  const onGone = async (exit: ProcessExit | null): Promise<void> => {
    if (dying !== null || released.signal.aborted || plan === null || driver === null) return;
    const words = await tailLines(plan.process.log, crashLines);
    const ending = driver.ending?.(exit, words) ?? null;
    // A guest that answers the power button with a reset (Firecracker knows no other way) has powered off.
    const stays = plan.onReset === 'end' || state.name === 'stopping';
    if (ending === 'reset' && !stays) return beginAnew(driver, plan);
    if (ending === 'panicked') return die(stopAfterPanic);
    if (ending !== null) return die(stopAfterPowerOff);
    const reason = crashReason(plan.vmm, exit);
    return die(() => settle('crashed', reason, words));
  };

  const beginAnew = async (chosen: Driver, launchPlan: LaunchPlan): Promise<void> => {
    onReset();
    if (dying !== null) return;
    session?.close();
    session = null;
    vmm = null;
    relaunching = options.relaunch(chosen, launchPlan);
    try {
      await relaunching;
    } catch (error) {
      relaunching = null;
      const { message } = PhyllomeError.from(error);
      await die(() => settle('crashed', `It began anew, but could not be started again: ${message}`));
    } finally {
      relaunching = null;
    }
  };

  const onReset = (): void => {
    const moment = Date.now();
    if (moment - (resets.at(-1) ?? 0) < sameReset) return;
    resets = [...resets.filter((earlier) => moment - earlier < resetWindow), moment];
    emit({ type: 'machine.reset', ...about() });
    setReady(false);
    if (resets.length >= mostResets) void guarded(die(stopResetLoop));
    else if (onRest !== undefined) void guarded(onRest('reset'));
  };

  const stopResetLoop = async (): Promise<void> => {
    const log = plan?.serialLog == null ? [] : await tailLines(plan.serialLog, crashLines);
    await quit();
    const seconds = resetWindow / 1000;
    await settle('crashed', `The guest began anew ${mostResets} times within ${seconds} seconds.`, log);
  };

  const onClosed = async (): Promise<void> => {
    session = null;
    if (dying !== null || relaunching !== null || released.signal.aborted) return;
    if (vmm === null || plan === null || driver === null) return;
    // A process that is ending closes its sockets a moment before it is gone.
    if (await goneWithin(vmm, 1000)) return onGone(vmm.ended === undefined ? null : await vmm.ended);
    warn('The control channel of the VMM was lost; trying to get it back.');
    try {
      session = await driver.attach(plan, onEvent, AbortSignal.timeout(reattachPatience));
      await reconcile(session);
    } catch {
      warn(
        'The control channel of the VMM stays lost. The guest may still run; "phyllome stop --force" ends it.',
      );
    }
  };

  const onEvent = (event: VmmEvent): void => {
    if (dying !== null) return;
    switch (event.type) {
      case 'paused':
        // A guest that powers off is held by its VMM, too; the event that says so comes first.
        happened('paused', { reason: '' });
        break;
      case 'resumed':
        happened('resumed');
        break;
      case 'reset':
        // One that is there for one run does not begin another.
        if (plan?.onReset === 'end') void guarded(die(stopAfterPowerOff));
        else onReset();
        break;
      case 'shut-down':
        void guarded(die(stopAfterPowerOff));
        break;
      case 'panicked':
        void guarded(die(stopAfterPanic));
        break;
      case 'up':
        setReady(true);
        break;
      case 'agent':
        if (event.connected) setReady(true);
        break;
      case 'io-error':
        enterIoError(event);
        break;
      case 'closed':
        void guarded(onClosed());
        break;
    }
  };

  const remember = async (): Promise<void> => {
    if (plan === null || vmm === null) return;
    const { pid, startTime } = vmm;
    await writeRunFile({ bootId, plan, ...notes, startedAt, vmm: { pid, startTime } });
  };

  /** VMMs that end with their guest tell nothing else about it than that they are gone. */
  const watchProcess = (
    chosen: Driver,
    process: ProcessIdentity & { ended?: Promise<ProcessExit> },
  ): void => {
    if (chosen.ending === undefined || chosen.tellsItsEnd === true) return;
    void guarded(
      whenGone(process, released.signal).then((exit) => (vmm === process ? onGone(exit) : undefined)),
    );
  };

  const guarded = async (work: Promise<unknown>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      emit({ type: 'machine.error', ...about(), error: PhyllomeError.from(error).report() });
    }
  };

  const setReady = (now: boolean): void => {
    if (ready === now) return;
    ready = now;
    if (state.name === 'running') enter('running', { since: state.since });
    if (ready) emit({ type: 'machine.ready', ...about() });
  };

  const enterIoError = (event: Extract<VmmEvent, { type: 'io-error' }>): void => {
    const reason = event.noSpace
      ? `This PC has no space left for the disk ${event.device}. Free some, then resume: nothing is lost.`
      : `The disk ${event.device} failed: ${event.reason}. Resume to try again.`;
    if (state.name === 'paused') enter('paused', { reason });
    else happened('paused', { reason });
  };

  /** Brings our state in line with what the VMM says; what happened meanwhile was not told to us. */
  const reconcile = async (living: Session): Promise<void> => {
    const found = await living.state();
    if (found === 'shut-down' || found === 'prelaunch') {
      await die(found === 'prelaunch' ? stopInOrder : stopAfterPowerOff);
    } else if (found === 'panicked') {
      await die(stopAfterPanic);
    } else if (found === 'paused' || found === 'failed') {
      enter('paused', {
        reason: found === 'failed' ? 'An error of the storage or of the VMM stopped it.' : '',
      });
    } else {
      ready = await living.agentConnected();
      enter('running', { since: startedAt });
    }
  };

  return {
    get state() {
      return state;
    },
    get info() {
      if (plan === null || vmm === null || dying !== null) return null;
      const { version, accelerator, endpoints } = plan;
      const known = measured === null ? {} : { measurement: measured };
      const from = notes.resumedFrom == null ? {} : { resumedFrom: notes.resumedFrom };
      return { vmm: plan.vmm, version, accelerator, pid: vmm.pid, startedAt, endpoints, ...known, ...from };
    },
    get plan() {
      return plan;
    },
    get lacks() {
      if (session === null || plan === null) return [];
      return lacksOf(session, plan.endpoints, notes.definition?.display.type === 'vnc');
    },
    ended: end.promise,
    session() {
      if (session === null)
        throw new PhyllomeError('vmm-gone', { name, reason: 'its control channel is lost' });
      return session;
    },
    happened,
    async attach(chosen, launchPlan, signal) {
      driver = chosen;
      plan = launchPlan;
      session = await chosen.attach(launchPlan, onEvent, signal);
      return session;
    },
    async launched(process, launchNotes, beforeGoing) {
      if (plan === null || session === null || driver === null) throw new Error('launched before attached');
      vmm = { ...process };
      notes = launchNotes;
      startedAt ||= now();
      await remember();
      await measure(session);
      await beforeGoing?.();
      await session.resume();
      await forgetCrash(crashFile);
      happened('launched');
      watchProcess(driver, vmm);
    },
    async adopt(chosen, run) {
      driver = chosen;
      plan = run.plan;
      vmm = run.vmm;
      startedAt = run.startedAt;
      const { claim, definition, before, saving, resuming, resumedFrom } = run;
      notes = { ...(claim && { claim }), ...(definition && { definition, before: before ?? null }) };
      notes = {
        ...notes,
        saving: saving ?? null,
        resuming: resuming ?? false,
        resumedFrom: resumedFrom ?? null,
      };
      watchProcess(chosen, vmm as ProcessIdentity);
      try {
        session = await chosen.attach(plan, onEvent, AbortSignal.timeout(reattachPatience));
        const found = await session.identity();
        if (found !== id) throw new Error(`its socket is used by ${found}`);
        await reconcile(session);
        await measure(session);
      } catch (error) {
        // It lives, so it must not be forgotten, nor ended: somebody's work is in it.
        enter('running', { since: startedAt });
        warn(`Its VMM does not answer (${reasonOf(error)}). "phyllome stop --force" ends it.`);
      }
    },
    get notes() {
      return notes;
    },
    async note(change) {
      notes = { ...notes, ...change };
      // The folder of a run that ends is being removed.
      if (dying === null) await remember();
    },
    async reset() {
      if (session?.reset !== undefined) return session.reset();
      if (driver === null || plan === null || vmm === null) return;
      const [chosen, launchPlan, living] = [driver, plan, vmm];
      // Nobody is to take its end for a crash.
      vmm = null;
      try {
        await endProcess(living);
      } catch (error) {
        vmm = living;
        throw error;
      }
      await beginAnew(chosen, launchPlan);
    },
    cutPower: () => die(stopInOrder),
    endSaved: (details) =>
      die(async () => {
        await quit();
        await settle('saved', '', [], details);
      }),
    release() {
      released.abort();
      session?.close();
      session = null;
    },
  };
}

function now(): string {
  return new Date().toISOString();
}

/** Where the crash of a machine is remembered: beside its logs. */
export function crashFileOf(logs: string): string {
  return join(logs, 'crash.json');
}
