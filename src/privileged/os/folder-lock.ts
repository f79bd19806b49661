// SPDX-License-Identifier: Apache-2.0
//
// Opens the encrypted folder of the machines when this PC starts, before the service does: by the TPM, else by whoever sits
// at it. Runs only where the folder is encrypted.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../../contract/errors.ts';
import { readPolicy, readProtectors, unlockByKeyFile, unlockTyped } from './fscrypt.ts';
import { osTool } from './os-tool.ts';

/** The key that the TPM sealed, in the root file system. */
export const folderKeyFile = { path: 'etc/phyllome/folder-key.cred', name: 'phyllome-folder' } as const;

/** It is there where the folder is encrypted (phyllome-unlock.service). */
export const encryptedFolderMark = 'etc/phyllome/encrypted-folder';

interface FolderLock {
  /** "/" outside of tests */
  root: string;
  /** The folder, as an absolute path */
  folder: string;
  /** Asks whoever sits at this PC, as often as it takes */
  ask(question: string): Promise<string>;
  tell(line: string): void;
}

/** @throws when nothing opens it: the service must not start without its folder */
export async function openFolder({ root, folder, ask, tell }: FolderLock): Promise<void> {
  const policy = await readPolicy(root, join(root, folder));
  if (policy === null) throw new Error(`fscrypt does not say how ${folder} is encrypted`);
  if (policy.unlocked) return;
  const mount = root;
  const protectors = await readProtectors(root, mount);
  const at = (name: string): string | null => {
    const id = protectors.get(name);
    return id === undefined ? null : `${mount}:${id}`;
  };
  const tpm = at('tpm');
  if (tpm !== null && existsSync(join(root, folderKeyFile.path))) {
    try {
      await openByTpm(root, join(root, folder), tpm);
      tell('The TPM opened the folder of the machines.');
      return;
    } catch (error) {
      tell(`The TPM does not open the folder of the machines: ${reasonOf(error)}`);
    }
  }
  const typed = ['passphrase', 'recovery'].map(at).filter((one) => one !== null);
  if (typed.length === 0) throw new Error('nothing is left that opens the folder of the machines');
  for (let tries = 0; ; tries++) {
    const secret = await ask(
      tries === 0
        ? 'Passphrase of the machines on this PC (or its recovery key)'
        : 'That was not it. Passphrase or recovery key',
    );
    for (const protector of typed)
      if (await unlockTyped(root, join(root, folder), protector, secret)) {
        tell('The folder of the machines is open.');
        return;
      }
  }
}

async function openByTpm(root: string, folder: string, protector: string): Promise<void> {
  const work = await mkdtemp(join(root, 'run/phyllome-unlock-'));
  try {
    const keyFile = join(work, 'key');
    await writeFile(keyFile, '', { mode: 0o600 });
    const sealed = join(root, folderKeyFile.path);
    await osTool(root, [
      '/usr/bin/systemd-creds',
      'decrypt',
      `--name=${folderKeyFile.name}`,
      sealed,
      keyFile,
    ]);
    await unlockByKeyFile(root, folder, protector, keyFile);
  } finally {
    await rm(work, { recursive: true });
  }
}
