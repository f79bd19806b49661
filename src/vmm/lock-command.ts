// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { machineFiles } from '../contract/paths.ts';
import { lockConflictExitCode } from './driver.ts';

/**
 * The beginning of a command that runs while it holds the lock of the machine's folder, whoever started it: a second
 * service, another user of the folder or a person at a shell gets `lockConflictExitCode` instead of a damaged disk.
 * The lock lives in an open file that the VMM inherits, so it ends with the VMM and never goes stale.
 */
export function lockedBy(flock: string | null, machineDirectory: string): string[] {
  if (flock === null) throw new Error('planned although judge() refused');
  const options = [
    '--no-fork',
    '--exclusive',
    '--nonblock',
    '--conflict-exit-code',
    String(lockConflictExitCode),
  ];
  return [flock, ...options, join(machineDirectory, machineFiles.lock)];
}
