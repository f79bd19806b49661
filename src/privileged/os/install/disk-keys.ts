// SPDX-License-Identifier: Apache-2.0
//
// Who opens an encrypted disk: the passphrase and the TPM as wished, and always the recovery key.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { EncryptionAnswer } from '../../../contract/os-install.ts';
import { osTool } from '../os-tool.ts';

export interface DiskKey {
  file: string;
  /** Nobody types it: it goes when the others are there */
  temporary: boolean;
}

/** The key that the disk is made with. @param work a folder in memory that only root reads */
export async function makeDiskKey(work: string, { passphrase }: EncryptionAnswer): Promise<DiskKey> {
  const file = join(work, 'disk-key');
  await writeFile(file, passphrase ?? randomBytes(48).toString('base64'), { mode: 0o600 });
  return { file, temporary: passphrase === undefined };
}

/** @returns the recovery key, which opens the partition from now on */
export async function enrolRecoveryKey(
  root: string,
  partition: string,
  { file, temporary }: DiskKey,
  signal: AbortSignal,
): Promise<string> {
  const enrol = '/usr/bin/systemd-cryptenroll';
  const output = await osTool(root, [enrol, `--unlock-key-file=${file}`, '--recovery-key', partition], {
    signal,
  });
  const key = /\b[cbdefghijklnrtuv]{8}(?:-[cbdefghijklnrtuv]{8}){7}\b/.exec(output)?.[0];
  if (key === undefined) throw new Error('systemd-cryptenroll showed no recovery key');
  if (temporary) await osTool(root, [enrol, '--wipe-slot=password', partition], { signal });
  return key;
}
