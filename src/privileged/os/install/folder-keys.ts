// SPDX-License-Identifier: Apache-2.0
//
// Encrypts the folder of the machines while it is empty, and writes down in the new root file system how it is opened at each
// start (phyllome-unlock.service): by a key that the TPM sealed, by a passphrase, or by either.
import { randomBytes } from 'node:crypto';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EncryptionAnswer } from '../../../contract/os-install.ts';
import { encryptedFolderMark, folderKeyFile } from '../folder-lock.ts';
import { addTyped, encryptEmptyFolder, readPolicy, removeKeyFile } from '../fscrypt.ts';
import { osTool } from '../os-tool.ts';
import { makeRecoveryKey } from './recovery-key.ts';
import { put } from './root-tree.ts';

/**
 * @param mount of the new root file system @param folder in it, empty @param work a folder in memory that only root reads
 * @returns the recovery key
 */
export async function encryptFolder(
  root: string,
  mount: string,
  folder: string,
  { tpm, passphrase }: EncryptionAnswer,
  work: string,
  signal: AbortSignal,
): Promise<string> {
  const keyFile = join(work, 'folder-key');
  const key = randomBytes(32);
  await writeFile(keyFile, key, { mode: 0o600 });
  await encryptEmptyFolder(root, { mount, folder, keyFile }, signal);
  const policy = (await readPolicy(root, folder))?.id;
  if (policy === undefined) throw new Error('fscrypt says that the folder is not encrypted');
  const recoveryKey = makeRecoveryKey();
  await addTyped(root, { mount, policy, keyFile }, 'recovery', recoveryKey, signal);
  if (passphrase !== undefined)
    await addTyped(root, { mount, policy, keyFile }, 'passphrase', passphrase, signal);
  await put(join(mount, encryptedFolderMark), '', 0o644);
  // Its costs were measured on this PC, for this PC.
  await copyFile(join(root, 'etc/fscrypt.conf'), join(mount, 'etc/fscrypt.conf'));
  if (tpm) await sealKey(root, mount, key, signal);
  else await removeKeyFile(root, { mount, policy }, signal);
  return recoveryKey;
}

async function sealKey(root: string, mount: string, key: Uint8Array, signal: AbortSignal): Promise<void> {
  const { path, name } = folderKeyFile;
  const file = join(mount, path);
  const seal = [
    '/usr/bin/systemd-creds',
    'encrypt',
    '--with-key=tpm2',
    '--tpm2-pcrs=7',
    `--name=${name}`,
    '-',
    file,
  ];
  await osTool(root, seal, { input: key, signal });
}
