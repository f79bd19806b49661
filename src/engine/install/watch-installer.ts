// SPDX-License-Identifier: Apache-2.0
//
// Follows an installer until it has done its work, tells the task how far it is, and says so when it waits for a person.
import { setTimeout as delay } from 'node:timers/promises';
import { fractionOf, type Milestone, type Standing } from '../../catalog/unattended/progress.ts';
import { askingStep } from '../../contract/installing.ts';
import type { Runner } from '../runner.ts';
import type { TaskContext } from '../tasks.ts';
import { followSerial } from './follow-serial.ts';

/** How an installer ended, or why it is not followed any more. */
export interface InstallerEnd {
  /** ended: its VMM is gone, in order or not; installed: it said so and the machine goes on running */
  how: 'ended' | 'installed' | 'failed';
  standing: Standing;
  lastLines: string[];
}

// How often we look whether something has changed that tells nothing by itself (ms).
const lookInterval = 1000;
// After so long without a word (ms) the task says so. The slowest known silence is making an initrd under emulation.
const silence = 10 * 60_000;

export interface WatchOptions {
  name: string;
  runner: Runner;
  serialLog: string;
  milestones: readonly Milestone[];
  /** The machine goes on running when the system is installed: nothing ends it */
  staysUp: boolean;
  context: TaskContext;
}

/** @throws the reason of the signal */
export async function watchInstaller(options: WatchOptions): Promise<InstallerEnd> {
  const { name, runner, serialLog, milestones, staysUp, context } = options;
  const { signal, progress } = context;
  const say = (standing: Standing, silent = false): void =>
    progress(wordsOf(name, standing, silent), fractionOf(standing, milestones));
  await using follower = await followSerial(serialLog, milestones, (standing) => say(standing));
  say(follower.standing);
  let ended = false;
  void runner.ended.then(() => (ended = true));
  let silent = false;
  for (;;) {
    signal.throwIfAborted();
    const { standing } = follower;
    if (standing.failure !== null) return { how: 'failed', standing, lastLines: follower.lastLines() };
    if (staysUp && standing.installed) return { how: 'installed', standing, lastLines: follower.lastLines() };
    if (ended) {
      // Its last words may not have been read yet.
      await follower.settle();
      return { how: 'ended', standing: follower.standing, lastLines: follower.lastLines() };
    }
    const now = Date.now() - follower.heardAt > silence && standing.question === null;
    if (now !== silent) say(standing, (silent = now));
    await Promise.race([runner.ended, delay(lookInterval, undefined, { signal })]);
  }
}

/** A sentence for the task. What the installer asks comes from the guest, so it is quoted. */
function wordsOf(name: string, { step, question }: Standing, silent: boolean): string {
  if (question !== null) return askingStep({ step, question }, name);
  if (silent)
    return `${step}: nothing was heard of the installer for ${silence / 60_000} minutes. "phyllome open ${name}" shows what it does`;
  return step;
}
