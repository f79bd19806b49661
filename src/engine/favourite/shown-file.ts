// SPDX-License-Identifier: Apache-2.0
//
// What the screen of this PC shows, kept for a service that is started again while a machine has the screen. It is lost with
// a reboot, as the machines' sockets are.
import { readFileSync } from 'node:fs';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { errorCode, writeAtomic } from '../../host/files.ts';

/** @returns the id of the machine, null for the host; undefined when nothing was kept */
export function readShown(file: string): string | null | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new PhyllomeError('internal-error', { reason: `${file}: ${reasonOf(error)}` }, { cause: error });
  }
  return text === '' ? null : text;
}

export async function writeShown(file: string, machine: string | null): Promise<void> {
  await writeAtomic(file, machine ?? '');
}
