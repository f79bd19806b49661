// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import type { Body } from '../contract/api.ts';
import { PhyllomeError } from '../contract/errors.ts';
import type { Task } from '../contract/task.ts';
import { requireAble } from './require-able.ts';
import type { Runner } from './runner.ts';
import type { StoredMachine } from './store.ts';
import type { TaskContext, Tasks } from './tasks.ts';

/**
 * Stops a machine: cuts its power, or presses its power button and gives the guest time.
 *
 * A guest that does not react keeps running, and the task fails with what can be done. Aborting the task
 * only ends the waiting: a button cannot be un-pressed.
 */
export function stopTask(
  tasks: Tasks,
  machine: StoredMachine,
  runner: Runner,
  options: Body<'stopMachine'>,
): Task {
  return tasks.run(`Stop ${machine.name}`, machine.id, async (context) => {
    if (options.force) await runner.cutPower();
    else await powerOff(machine, runner, options.timeoutSeconds, context);
    return machine.id;
  });
}

async function powerOff(
  machine: StoredMachine,
  runner: Runner,
  seconds: number,
  { signal, progress }: TaskContext,
): Promise<void> {
  progress('Waiting for the guest to power off', null);
  const session = runner.session();
  requireAble(session, 'powerButton', runner, machine.name);
  runner.happened('power-button');
  try {
    await session.powerButton();
    using waiting = abortable(signal);
    const late = delay(seconds * 1000, 'late' as const, { signal: waiting.signal });
    if ((await Promise.race([runner.ended, late])) === 'late') {
      throw new PhyllomeError('guest-ignored-power-button', { name: machine.name, seconds });
    }
  } catch (error) {
    // Unless it ended after all, it goes on as before.
    runner.happened('button-ignored');
    throw error;
  }
}

/** A signal that is aborted with its parent, or when it goes out of scope: no timer outlives its wait. */
function abortable(parent: AbortSignal): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  const signal = AbortSignal.any([parent, controller.signal]);
  return { signal, [Symbol.dispose]: () => controller.abort() };
}
