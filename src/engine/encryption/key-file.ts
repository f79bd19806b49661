// SPDX-License-Identifier: Apache-2.0
//
// key.json of a machine: the key of its encrypted disks, wrapped once for each way to open it. Whoever has only this file
// and the disks has nothing; whoever loses it has lost the disks, so it is copied with them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { machineFiles } from '../../contract/paths.ts';
import { errorCode, writeAtomic } from '../../host/files.ts';
import { isAffordable, type Scrypt, type Wrapped } from './wrapping.ts';

/** One way to open the key. `note` is what its holder needs to find what it keeps. */
export type Slot =
  | { holder: 'passphrase'; scrypt: Scrypt; wrapped: Wrapped }
  | { holder: 'keyring' | 'tpm'; note: Record<string, string>; wrapped: Wrapped };

export interface KeyFile {
  formatVersion: 1;
  slots: Slot[];
}

const fileOf = (directory: string): string => join(directory, machineFiles.key);

/** null: there is none. @throws PhyllomeError `file-unreadable` */
export async function readKeyFile(directory: string): Promise<KeyFile | null> {
  const file = fileOf(directory);
  const unreadable = (reason: string) =>
    new PhyllomeError('file-unreadable', { what: 'key of the encrypted disks', file, reason });
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw unreadable(reasonOf(error));
  }
  try {
    const content = JSON.parse(text) as KeyFile;
    if (isKeyFile(content)) return content;
  } catch {
    // Said below.
  }
  throw unreadable('it is damaged');
}

export function writeKeyFile(directory: string, content: KeyFile): Promise<void> {
  return writeAtomic(fileOf(directory), `${JSON.stringify(content, null, 2)}\n`);
}

function isKeyFile({ formatVersion, slots }: KeyFile): boolean {
  return formatVersion === 1 && Array.isArray(slots) && slots.every(isSlot);
}

function isSlot(slot: Slot): boolean {
  const { iv, tag, key } = slot.wrapped;
  if (![iv, tag, key].every((value) => typeof value === 'string')) return false;
  if (slot.holder === 'passphrase') return typeof slot.scrypt.salt === 'string' && isAffordable(slot.scrypt);
  return Object.values(slot.note).every((value) => typeof value === 'string');
}
