// SPDX-License-Identifier: Apache-2.0
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, writeAtomic } from '../host/files.ts';

/** Why a machine is not running although nobody stopped it; kept so that a restart of the service still knows. */
export interface Crash {
  since: string;
  reason: string;
  log: string[];
}

export async function rememberCrash(file: string, crash: Crash): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeAtomic(file, JSON.stringify(crash));
}

export async function forgetCrash(file: string): Promise<void> {
  await rm(file, { force: true });
  await rm(`${file}.png`, { force: true });
}

/** null when the machine did not crash, or when the file cannot be understood. */
export async function readCrash(file: string): Promise<Crash | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Crash;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
