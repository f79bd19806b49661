// SPDX-License-Identifier: Apache-2.0
//
// What is under way while a machine moves to another VMM, on the disk, so that whoever comes after a kill knows which
// files are whose. It is written before the first copy and removed when nothing is left to do.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import { machineFiles } from '../contract/paths.ts';
import { errorCode, writeAtomic } from '../host/files.ts';

export interface SwitchJournal {
  formatVersion: 1;
  /** Text of machine.yaml before the switch */
  before: string;
  /** It leads back: the definition from before is not kept then */
  back: boolean;
  /** Disks that are being made, as the new definition names them */
  copies: string[];
  /** Files of the machine's folder that the copies replace; they go after the first start */
  originals: string[];
  /** An earlier switch whose first start is still to come */
  previous: SwitchJournal | null;
}

const fileOf = (directory: string): string => join(directory, machineFiles.switching);

/** null: no switch is under way. @throws PhyllomeError `file-unreadable` for what is none of ours */
export function readJournal(directory: string): SwitchJournal | null {
  const file = fileOf(directory);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw new PhyllomeError('file-unreadable', { what: 'record of a switch', file, reason: reasonOf(error) });
  }
  try {
    const journal = JSON.parse(text) as SwitchJournal;
    if (isJournal(journal)) return journal;
  } catch {
    // Said below.
  }
  throw new PhyllomeError('file-unreadable', { what: 'record of a switch', file, reason: 'it is damaged' });
}

export function writeJournal(directory: string, journal: SwitchJournal): Promise<void> {
  return writeAtomic(fileOf(directory), JSON.stringify(journal));
}

export function removeJournal(directory: string): Promise<void> {
  return rm(fileOf(directory), { force: true });
}

// It names files that will be removed, and the folder may come from another PC: only plain names inside of it count.
function isJournal(value: SwitchJournal): boolean {
  return (
    value.formatVersion === 1 &&
    typeof value.before === 'string' &&
    areInside(value.copies) &&
    areInside(value.originals) &&
    (value.previous === null || isJournal(value.previous))
  );
}

const areInside = (files: unknown): boolean => Array.isArray(files) && files.every(isInside);

function isInside(file: unknown): boolean {
  return typeof file === 'string' && file !== '' && !file.startsWith('/') && !file.split('/').includes('..');
}
