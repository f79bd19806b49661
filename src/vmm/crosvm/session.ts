// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import type { Attachable, Session, VmmEvent } from '../driver.ts';
import { watchGuestUp, type GuestUp } from '../guest-up.ts';
import { createControl, type Control } from './control.ts';
import { readGuestState, writeGuestState } from './guest-state.ts';
import { heldOption } from './plan.ts';
import { findCrosvm, speakerFor, type RunningCrosvm } from './speaker.ts';

// How often we look for a socket that is not there yet (ms).
const retryMilliseconds = 5;
// How long crosvm may take for its disks and network before it answers the first time; the caller sets the limit (ms).
const startPatience = 60_000;

/**
 * A question that crosvm answers by itself at once and that changes nothing: our machines have no battery. Its memory
 * statistics would have to come from a guest that does not run yet, and without USB ports it never answers about them.
 */
const ping = ['battery', 'goldfish', 'status', 'unknown'];

/** It has no reset, and neither screen nor keyboard nor drives that could be changed. */
type CrosvmSession = Session & Required<Pick<Session, 'pause' | 'powerButton' | 'quit'>>;

/** Connects to the crosvm of a plan. Nothing is left open: each verb is a process of its own. */
export async function attach(
  { machine, endpoints, process, serialLog }: Attachable,
  onEvent: (event: VmmEvent) => void,
  signal: AbortSignal,
): Promise<CrosvmSession> {
  const { name } = machine;
  const socket = endpoints.control;
  const command = process?.command ?? [];
  const binary = command[command.indexOf('--extended-status') - 1] ?? 'crosvm';
  const crosvm = (): RunningCrosvm => {
    const found = findCrosvm(dirname(socket), socket);
    if (found === null) throw new PhyllomeError('vmm-gone', { name, reason: 'its process ended' });
    return found;
  };
  const control = createControl({
    name,
    socket,
    speaker: async () => speakerFor(crosvm(), { name, binary }),
  });
  try {
    await waitForAnswer(control, { name, socket, signal });
    const up = serialLog == null ? null : await watchGuestUp(serialLog, () => onEvent({ type: 'up' }));
    return createSession({ control, socket, crosvm, onEvent, up, held: command.includes(heldOption) });
  } catch (error) {
    control.close();
    throw error;
  }
}

interface Conversation {
  control: Control;
  socket: string;
  crosvm: () => RunningCrosvm;
  onEvent: (event: VmmEvent) => void;
  /** null: it has no serial port that could tell */
  up: GuestUp | null;
  /** It was started with its processors held */
  held: boolean;
}

function createSession({ control, socket, crosvm, onEvent, up, held }: Conversation): CrosvmSession {
  const run = async (...verb: string[]): Promise<void> => {
    await control.call(verb);
  };
  return {
    async identity() {
      const { command } = crosvm();
      return command[command.indexOf('--name') + 1] ?? '';
    },
    async state() {
      // Somebody has to be there to be in a state.
      await run(...ping);
      return (await readGuestState(socket)) ?? (held ? 'prelaunch' : 'running');
    },
    agentConnected: async () => up?.up ?? false,
    async resume() {
      const before = await readGuestState(socket);
      // What is in the log by then is of a guest before this one.
      if (before === null) up?.again();
      await run('resume');
      await writeGuestState(socket, 'running');
      if (before === 'paused') onEvent({ type: 'resumed' });
    },
    // Its processors only. "--full" would also put the devices to sleep, for a snapshot: not each device can, and when
    // one fails, the machine is left with half of them asleep.
    async pause() {
      await run('suspend');
      await writeGuestState(socket, 'paused');
      onEvent({ type: 'paused' });
    },
    powerButton: () => run('powerbtn'),
    quit: () => run('stop').catch(acceptGone),
    close() {
      up?.close();
      control.close();
    },
  };
}

/** crosvm may be gone before its answer to "stop" gets through: that is what was asked for. */
function acceptGone(error: unknown): void {
  if (!(error instanceof PhyllomeError) || error.code !== 'vmm-gone') throw error;
}

/**
 * The socket is there before crosvm is ready, and holds our question until it is. A socket that nobody listens to any
 * more is that of a crosvm that ended.
 */
async function waitForAnswer(
  control: Control,
  { name, socket, signal }: { name: string; socket: string; signal: AbortSignal },
): Promise<void> {
  for (;;) {
    if (signal.aborted) throw gone(name, socket, signal.reason);
    if (existsSync(socket)) {
      try {
        await control.call(ping, { milliseconds: startPatience, signal });
        return;
      } catch (error) {
        if (signal.aborted) throw gone(name, socket, signal.reason);
        if (!(error instanceof PhyllomeError) || error.code !== 'vmm-gone') throw error;
      }
    }
    await delay(retryMilliseconds, undefined, { signal }).catch((error: unknown) => {
      throw gone(name, socket, error);
    });
  }
}

function gone(name: string, socket: string, cause: unknown): PhyllomeError {
  const reason = `nobody answers on ${socket} (${reasonOf(cause)})`;
  return new PhyllomeError('vmm-gone', { name, reason }, { cause });
}
