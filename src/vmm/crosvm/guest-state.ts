// SPDX-License-Identifier: Apache-2.0
//
// crosvm cannot be asked whether its guest runs. What we last made of it stands in a file of the run folder, for the
// service that comes after this one. The folder is made anew for each start, so without the file nothing was done yet.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, writeAtomic } from '../../host/files.ts';

export type GuestState = 'running' | 'paused';

const fileOf = (socket: string): string => join(dirname(socket), 'guest-state');

/** null: it was not let go yet. */
export async function readGuestState(socket: string): Promise<GuestState | null> {
  try {
    return (await readFile(fileOf(socket), 'utf8')).trim() === 'paused' ? 'paused' : 'running';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

export async function writeGuestState(socket: string, state: GuestState): Promise<void> {
  await writeAtomic(fileOf(socket), `${state}\n`, { durable: false });
}
