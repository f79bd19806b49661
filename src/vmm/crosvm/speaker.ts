// SPDX-License-Identifier: Apache-2.0
//
// Which program may be used to talk to a running crosvm. Builds do not understand each other, and a wrong word may do
// harm; an update of the program while a machine runs must not lead to that.
import { stat } from 'node:fs/promises';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { commandLine, processesMentioning, processStartTime } from '../../host/identity.ts';

/** A crosvm that runs a machine of ours. */
export interface RunningCrosvm {
  pid: number;
  /** Its arguments, its name first */
  command: string[];
}

/**
 * The crosvm of a run folder. Its devices are copies of it with the same arguments; it is the oldest of them.
 * @returns null when none is there
 */
export function findCrosvm(runDirectory: string, socket: string, root = '/'): RunningCrosvm | null {
  const found = processesMentioning(runDirectory, root)
    .map((pid) => ({ pid, command: commandLine(pid, root), startTime: Number(processStartTime(pid, root)) }))
    .filter(({ command }) => command[command.indexOf('--socket') + 1] === socket && command.includes('run'))
    // Started in the same tick, the lower number was first.
    .toSorted((one, other) => one.startTime - other.startTime || one.pid - other.pid)[0];
  return found === undefined ? null : { pid: found.pid, command: found.command };
}

/**
 * What to execute to speak to it: the program that was started, as long as it is the same file; else what the kernel
 * still holds of it, which is the right build by definition.
 *
 * @param binary as in the plan
 * @throws PhyllomeError `vmm-gone`; `vmm-refused` when it was replaced and cannot be reached any more
 */
export async function speakerFor(
  { pid, command }: RunningCrosvm,
  { name, binary }: { name: string; binary: string },
): Promise<string> {
  const held = `/proc/${pid}/exe`;
  const running = await stat(held).catch((cause: unknown) => cause);
  const installed = await stat(binary).catch(() => null);
  if (isFile(running)) {
    if (installed !== null && installed.ino === running.ino && installed.dev === running.dev) return binary;
    // A script: what the kernel holds is its interpreter.
    if (command[1] === binary && installed !== null) return binary;
    return held;
  }
  if (commandGone(running)) throw new PhyllomeError('vmm-gone', { name, reason: 'its process ended' });
  const reason = `whether ${binary} is still the build that runs the machine cannot be told (${reasonOf(running)})`;
  throw new PhyllomeError('vmm-refused', { command: 'crosvm', reason }, { cause: running });
}

function isFile(found: unknown): found is { ino: number; dev: number } {
  return typeof found === 'object' && found !== null && 'ino' in found;
}

function commandGone(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ESRCH');
}
