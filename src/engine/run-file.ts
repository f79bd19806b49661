// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Claim } from '../contract/budget.ts';
import type { MachineDefinition } from '../contract/machine.ts';
import type { LaunchPlan } from '../contract/plan.ts';
import { errorCode, writeAtomic } from '../host/files.ts';
import type { DiskState } from './installed.ts';

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
  /** What it takes of the budget; services before 0.3 did not note it */
  claim?: Claim;
  /** What it was started with, less the media that were changed since; services before 0.3 did not note it */
  definition?: MachineDefinition;
  /** Its first disk before the installation that a medium waits for; null: no medium waits */
  before?: DiskState | null;
  /** It is being saved, and ran until then; a service that dies meanwhile has not saved it */
  saving?: { wasRunning: boolean } | null;
  /** Its memory was read and is still on the disk, so the guest has not gone on from it yet, or just so */
  resuming?: boolean;
  /** When what it went on from was saved */
  resumedFrom?: string | null;
  /** null until the VMM has been let go: a service that dies before that has not started the machine */
  vmm: ProcessIdentity | null;
}

/** What is noted of a run besides how to find its processes. */
export type RunNotes = Pick<
  RunFile,
  'claim' | 'definition' | 'before' | 'saving' | 'resuming' | 'resumedFrom'
>;

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
