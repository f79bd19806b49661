// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LaunchPlan } from '../contract/plan.ts';
import { errorCode, writeAtomic } from '../host/files.ts';

/** A process that can be told from a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks since boot */
  startTime: string;
}

/** run.json: what a later service must know to find a running machine again. */
export interface RunFile {
  bootId: string;
  plan: LaunchPlan;
  startedAt: string;
  /** null until the VMM has been let go: a service that dies before that has not started the machine */
  vmm: ProcessIdentity | null;
}

const fileName = 'run.json';

export function writeRunFile(run: RunFile): Promise<void> {
  return writeAtomic(join(run.plan.runDirectory, fileName), JSON.stringify(run), { durable: false });
}

/** null when there is none, or when it is not one we wrote whole. */
export async function readRunFile(directory: string): Promise<RunFile | null> {
  try {
    const run = JSON.parse(await readFile(join(directory, fileName), 'utf8')) as RunFile;
    return typeof run.bootId === 'string' && run.plan?.runDirectory === directory ? run : null;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
