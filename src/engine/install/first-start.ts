// SPDX-License-Identifier: Apache-2.0
//
// The first start of what was installed: from its own disk, without the installer and its answers.
import { setTimeout as delay } from 'node:timers/promises';
import type { Runner } from '../runner.ts';
import type { TaskContext } from '../tasks.ts';
import { followSerial } from './follow-serial.ts';

// A desktop under emulation takes minutes; one that says nothing for so long (ms) is up in its own way, or is not.
const patience = 30 * 60_000;
const lookInterval = 1000;

/** How it was seen that the system is up; null: it did not say so in time */
export type Sign = 'agent' | 'login' | 'ended' | null;

/** @throws the reason of the signal */
export async function awaitSystem(
  runner: Runner,
  serialLog: string | null,
  { signal, progress }: TaskContext,
): Promise<Sign> {
  progress('Starting the installed system', null);
  const until = Date.now() + patience;
  let ended = false;
  void runner.ended.then(() => (ended = true));
  await using follower = serialLog === null ? null : await followSerial(serialLog, [], () => {});
  while (Date.now() < until) {
    signal.throwIfAborted();
    if (ended) return 'ended';
    if (runner.state.name === 'running' && runner.state.ready) return 'agent';
    if (follower?.login === true) return 'login';
    await Promise.race([runner.ended, delay(lookInterval, undefined, { signal })]);
  }
  return null;
}
