// SPDX-License-Identifier: Apache-2.0
//
// The tools that build an image, and the QEMU that boots it in the lab: a small Debian of their own, so that they are the
// same wherever an image is built.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../src/host/files.ts';
import { run } from './run.ts';

const suite = 'trixie';

// mkosi and what it calls; what makes file systems and ISOs; what signs; an emulated PC with firmware and TPM.
const packages = [
  'mkosi',
  'systemd-container',
  'systemd-repart',
  'systemd-ukify',
  'systemd-boot',
  'systemd-boot-efi',
  'systemd-cryptsetup',
  'cryptsetup-bin',
  'debian-archive-keyring',
  'ca-certificates',
  'cpio',
  'zstd',
  'kmod',
  'erofs-utils',
  'squashfs-tools',
  'xorriso',
  'mtools',
  'dosfstools',
  'f2fs-tools',
  'e2fsprogs',
  'fdisk',
  'fscrypt',
  'sbsigntool',
  'libfaketime',
  'openssl',
  'gpg',
  'gpg-agent',
  'gpgv',
  'python3-virt-firmware',
  'procps',
  'qemu-system-x86',
  'qemu-utils',
  'ovmf',
  'seabios',
  'swtpm',
  'swtpm-tools',
];

/** Makes the tree when it is not there, or was made of other packages. @returns its folder */
export async function toolsTree(cache: string, mirror: string, log: string): Promise<string> {
  const tree = join(cache, 'tools');
  const stamp = join(cache, 'tools.made-of');
  const key = createHash('sha256')
    .update(JSON.stringify([suite, packages]))
    .digest('hex');
  if ((await readStamp(stamp)) === key) return tree;
  await mkdir(cache, { recursive: true });
  const growing = join(cache, 'tools.growing');
  for (const folder of [growing, tree]) await rm(folder, { recursive: true, force: true });
  // A mirror may fail a part of many downloads; what was there stays in the second try's favour, the mirror's cache.
  await run(
    [
      'mmdebstrap',
      '--mode=root',
      '--variant=apt',
      '--quiet',
      '--aptopt=Acquire::Retries "5"',
      '--dpkgopt=force-unsafe-io',
      `--include=${packages.join(',')}`,
      suite,
      growing,
      `deb ${mirror} ${suite} main non-free-firmware`,
    ],
    { log },
  );
  await rename(growing, tree);
  await writeFile(stamp, key);
  return tree;
}

async function readStamp(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
