// SPDX-License-Identifier: Apache-2.0
//
// What is under way while a system is installed into a machine, in its folder, so that a later service goes on with it.
// It holds no answer: those are in memory and, while the installer needs them, in the run folder.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { answerFormats } from '../../contract/catalog.ts';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { machineFiles } from '../../contract/paths.ts';
import { errorCode, writeAtomic } from '../../host/files.ts';

type AnswerFormat = (typeof answerFormats)[number];

export interface InstallRecord {
  formatVersion: 1;
  /** How the installer gets its answers; null: a person gives them */
  answers: AnswerFormat | null;
  /** installer: it runs, or is to run at the next start; first-start: it has done its work, the system is to start */
  stage: 'installer' | 'first-start';
  /** The command line of the kernel in the folder `installer`; null: the firmware starts what is in the drive */
  commandLine: string | null;
  /** Name of the system, for people */
  system: string;
}

const fileOf = (directory: string): string => join(directory, machineFiles.installing);

/** null: nothing is being installed. @throws PhyllomeError `file-unreadable` for what is none of ours */
export function readInstallRecord(directory: string): InstallRecord | null {
  const file = fileOf(directory);
  const unreadable = (reason: string): PhyllomeError =>
    new PhyllomeError('file-unreadable', { what: 'record of an installation', file, reason });
  let record: InstallRecord;
  try {
    record = JSON.parse(readFileSync(file, 'utf8')) as InstallRecord;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw unreadable(error instanceof SyntaxError ? 'it is damaged' : reasonOf(error));
  }
  if (!isRecord(record)) throw unreadable('it is damaged');
  return record;
}

export function writeInstallRecord(directory: string, record: InstallRecord): Promise<void> {
  return writeAtomic(fileOf(directory), JSON.stringify(record));
}

/** The installation is over: what was only there for it goes, the record last. */
export async function removeInstallRecord(directory: string): Promise<void> {
  await rm(join(directory, machineFiles.installer), { recursive: true, force: true });
  await rm(fileOf(directory), { force: true });
}

// The folder may come from another PC. A command line with a NUL or a line break is none.
function isRecord(value: InstallRecord): boolean {
  const { formatVersion, answers, stage, commandLine, system } = value ?? {};
  return (
    formatVersion === 1 &&
    (answers === null || answerFormats.includes(answers)) &&
    (stage === 'installer' || stage === 'first-start') &&
    (commandLine === null || (typeof commandLine === 'string' && /^[ -~]{0,2047}$/.test(commandLine))) &&
    typeof system === 'string'
  );
}
