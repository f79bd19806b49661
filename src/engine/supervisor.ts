// SPDX-License-Identifier: Apache-2.0
//
// Starts and ends the processes of a machine. They are nobody's children to lose: each runs in a session of
// its own with its output in a file, and goes on when the service ends.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import type { LaunchPlan, PlannedProcess } from '../contract/plan.ts';
import { commandLine, processesMentioning, processStartTime, sameProcess } from '../host/identity.ts';
import type { ProcessExit } from '../vmm/driver.ts';
import { tailLines } from './log-file.ts';
import type { ProcessIdentity } from './run-file.ts';

export interface StartedProcess extends ProcessIdentity {
  ended: Promise<ProcessExit>;
}

// How long a helper may take until its socket is there. They need some ten milliseconds; slow disks are why
// this is generous (ms).
const helperTimeout = 10_000;
const socketInterval = 3;
// Steps of the kill ladder (ms): QEMU flushes its disks on SIGTERM.
const termPatience = 5000;
const killPatience = 5000;
const goneInterval = 10;
// How often a process of an earlier service is looked at (ms).
const lookInterval = 1000;

/**
 * Starts one process of a plan.
 * @throws PhyllomeError `helper-failed` or `vmm-start-failed` when it cannot be executed at all
 */
export async function startProcess(plan: LaunchPlan, planned: PlannedProcess): Promise<StartedProcess> {
  await using log = await open(planned.log, 'a', 0o600);
  await using output = planned.output === undefined ? null : await open(planned.output, 'a', 0o600);
  // Opened for both directions, the pipe never ends for its reader, whoever writes into it and leaves.
  await using input = planned.input === undefined ? null : await open(planned.input, 'r+');
  const [file, ...parameters] = planned.command as [string, ...string[]];
  const child = spawn(file, parameters, {
    detached: true,
    cwd: '/',
    stdio: [input?.fd ?? 'ignore', output?.fd ?? log.fd, log.fd],
    // Nothing of our environment concerns a VMM, and some of it (LD_PRELOAD, QEMU_*) could change it.
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LANG: 'C.UTF-8', HOME: process.env['HOME'] },
  });
  const ended = endOf(child);
  child.unref();
  if (child.pid === undefined) {
    const { error } = await ended;
    throw startError(plan, planned, error === undefined ? 'it could not be executed' : reasonOf(error));
  }
  return { pid: child.pid, startTime: processStartTime(child.pid) ?? '', ended };
}

/**
 * Starts a helper and waits until it can be used. @returns its process
 * @throws PhyllomeError `helper-failed` with its last words
 */
export async function startHelper(plan: LaunchPlan, planned: PlannedProcess): Promise<number> {
  const helper = await startProcess(plan, planned);
  if (planned.ready === null) return helper.pid;
  let exit: ProcessExit | null = null;
  void helper.ended.then((value) => (exit = value));
  for (let waited = 0; !existsSync(planned.ready); waited += socketInterval) {
    if (exit !== null || waited > helperTimeout) {
      const words = await tailLines(planned.log, 3);
      throw startError(
        plan,
        planned,
        words.join(' ') || (exit === null ? 'it did not get ready' : 'it said nothing'),
      );
    }
    await delay(socketInterval);
  }
  return helper.pid;
}

/** Ends a process: asks it, then insists. Does nothing when that process is already gone. */
export async function endProcess(identity: ProcessIdentity): Promise<void> {
  for (const [signal, patience] of [
    ['SIGTERM', termPatience],
    ['SIGKILL', killPatience],
  ] as const) {
    if (!sameProcess(identity)) return;
    send(identity.pid, signal);
    if (await goneWithin(identity, patience)) return;
  }
  throw new PhyllomeError('internal-error', {
    reason: `process ${identity.pid} survives SIGKILL; its storage may hang`,
  });
}

/** Waits until a process is gone. @returns false when it is still there after `patience` ms */
export async function goneWithin(identity: ProcessIdentity, patience: number): Promise<boolean> {
  for (let waited = 0; waited < patience; waited += goneInterval) {
    if (!sameProcess(identity)) return true;
    await delay(goneInterval);
  }
  return !sameProcess(identity);
}

/**
 * Resolves when a process is gone, with how it ended when that is known. A process that is not our child is looked at
 * once a second: there is nothing that would tell us.
 * @param signal ends the waiting; the promise then never resolves
 */
export async function whenGone(
  identity: ProcessIdentity & { ended?: Promise<ProcessExit> },
  signal: AbortSignal,
): Promise<ProcessExit | null> {
  if (identity.ended !== undefined) return identity.ended;
  while (sameProcess(identity))
    await delay(lookInterval, undefined, { signal, ref: false }).catch(() => new Promise(() => {}));
  return null;
}

/**
 * Ends whatever still runs of a machine and removes its run folder.
 *
 * Finds the processes by what they are rather than by remembered numbers, because a service killed in the
 * middle of a start had no time to remember: those of this user that were executed from the plan's own
 * binaries and name the run folder in their arguments.
 */
export async function reap(
  plan: Pick<LaunchPlan, 'runDirectory' | 'helpers' | 'process' | 'tpm'>,
): Promise<void> {
  if (!existsSync(plan.runDirectory)) return;
  const planned = [plan.process, ...plan.helpers, ...(plan.tpm === undefined ? [] : [plan.tpm.process])];
  const ours = new Set(planned.flatMap(({ command }) => command));
  const leftOver = processesMentioning(plan.runDirectory).filter((pid) =>
    ours.has(commandLine(pid)[0] ?? ''),
  );
  await Promise.all(leftOver.map((pid) => endProcess({ pid, startTime: processStartTime(pid) ?? '' })));
  await rm(plan.runDirectory, { recursive: true, force: true });
}

function endOf(child: ChildProcess): Promise<ProcessExit & { error?: Error }> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

function startError(plan: LaunchPlan, planned: PlannedProcess, reason: string): PhyllomeError {
  const { name } = plan.machine;
  return planned === plan.process
    ? new PhyllomeError('vmm-start-failed', { vmm: plan.vmm, name, reason })
    : new PhyllomeError('helper-failed', { helper: planned.name, name, reason });
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between our look and our signal, which is what we wanted.
  }
}
