// SPDX-License-Identifier: Apache-2.0
//
// The keys of whoever builds images: one pair for Secure Boot, which a PC's owner enrols in its firmware, and one that signs
// updates, whose public half is in the image. They are made once; who loses them can update no PC any more.
import { access, chmod, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inTree, run } from './run.ts';

export interface Keys {
  folder: string;
  /** File names in the folder, which programs in the tree of tools see at /keys */
  secureBootKey: string;
  secureBootCertificate: string;
}

const names = { secureBootKey: 'secure-boot.key', secureBootCertificate: 'secure-boot.crt' };
const updateKey = 'update.pgp';

/** Makes what is missing. The public key of updates goes to `publicKey`, a file of the image. */
export async function openKeys(tree: string, folder: string, publicKey: string, log: string): Promise<Keys> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const inside = (...argv: string[]): Promise<string> =>
    run(inTree(tree, [{ folder, place: '/keys' }], argv), { log });
  if (!(await exists(join(folder, names.secureBootKey)))) {
    // RSA, because that is what all firmware verifies; ten years, because nobody looks at it again.
    await inside(
      'openssl',
      'req',
      '-x509',
      '-newkey',
      'rsa:3072',
      '-noenc',
      '-sha256',
      '-days',
      '3650',
      '-subj',
      '/CN=Phyllome OS of its builder/',
      '-addext',
      'extendedKeyUsage=codeSigning',
      '-keyout',
      `/keys/${names.secureBootKey}`,
      '-out',
      `/keys/${names.secureBootCertificate}`,
    );
    await chmod(join(folder, names.secureBootKey), 0o600);
  }
  if (!(await exists(join(folder, updateKey)))) {
    await mkdir(join(folder, 'gnupg'), { recursive: true, mode: 0o700 });
    await inside(
      'gpg',
      '--homedir',
      '/keys/gnupg',
      '--batch',
      '--passphrase',
      '',
      '--quick-generate-key',
      'Phyllome OS of its builder',
      'ed25519',
      'sign',
      'never',
    );
    await inside('gpg', '--homedir', '/keys/gnupg', '--batch', '--output', `/keys/${updateKey}`, '--export');
  }
  await copyFile(join(folder, updateKey), publicKey);
  return { folder, ...names };
}

/** Signs a file in a folder; the signature lies beside it, as systemd-sysupdate wants it. */
export async function signUpdate(
  tree: string,
  keys: Keys,
  folder: string,
  name: string,
  log: string,
): Promise<void> {
  const seen = [
    { folder: keys.folder, place: '/keys' },
    { folder, place: '/signed' },
  ];
  const sign = ['gpg', '--homedir', '/keys/gnupg', '--batch', '--yes', '--pinentry-mode', 'loopback'];
  await run(
    inTree(tree, seen, [
      ...sign,
      '--passphrase',
      '',
      '--detach-sign',
      '--output',
      `/signed/${name}.gpg`,
      `/signed/${name}`,
    ]),
    { log },
  );
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
