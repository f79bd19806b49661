// SPDX-License-Identifier: Apache-2.0
//
// Fills the new root file system: what it begins with, and the password of the page in the folder of the service. That folder
// can be encrypted only while it is empty.
import { chown, cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { osTool } from '../os-tool.ts';
import type { VerbContext } from '../verb.ts';
import type { DiskKey } from './disk-keys.ts';
import { encryptFolder } from './folder-keys.ts';
import type { InstallRequest } from './request.ts';
import { put } from './root-tree.ts';

const mapping = 'phyllome-install-root';

/** @returns the recovery key of the folder; null when only the disk, or nothing, is encrypted */
export async function finishRoot(
  partition: string,
  { encryption, access }: InstallRequest,
  diskKey: DiskKey | null,
  work: string,
  { root, signal }: VerbContext,
): Promise<string | null> {
  await using volume = await openVolume(root, partition, diskKey);
  const mount = join(work, 'target');
  await mkdir(mount);
  await osTool(root, ['/usr/bin/mount', '-t', 'f2fs', '-o', 'nosuid,nodev,noexec', volume.path, mount], {
    signal,
  });
  try {
    await cp(join(work, 'root'), mount, { recursive: true, verbatimSymlinks: true });
    const folder = join(mount, 'var/lib/phyllome');
    await mkdir(folder, { recursive: true });
    const recoveryKey =
      encryption?.kind === 'folder'
        ? await encryptFolder(root, mount, folder, encryption, work, signal)
        : null;
    const file = join(folder, 'access.json');
    await put(file, access, 0o600);
    // The same image gives its users the same numbers.
    const { uid, gid } = await serviceUser(root);
    for (const path of [folder, file]) await chown(path, uid, gid);
    return recoveryKey;
  } finally {
    await osTool(root, ['/usr/bin/umount', mount]);
  }
}

async function openVolume(root: string, partition: string, key: DiskKey | null) {
  if (key === null) return { path: partition, [Symbol.asyncDispose]: async () => {} };
  const cryptsetup = '/usr/lib/systemd/systemd-cryptsetup';
  await osTool(root, [cryptsetup, 'attach', mapping, partition, key.file, 'headless=1']);
  return {
    path: `/dev/mapper/${mapping}`,
    async [Symbol.asyncDispose]() {
      await osTool(root, [cryptsetup, 'detach', mapping]);
    },
  };
}

async function serviceUser(root: string): Promise<{ uid: number; gid: number }> {
  const [, uid, gid] =
    /^phyllome:[^:]*:(\d+):(\d+):/m.exec(await readFile(join(root, 'etc/passwd'), 'utf8')) ?? [];
  if (uid === undefined || gid === undefined) throw new Error('this system has no user phyllome');
  return { uid: Number(uid), gid: Number(gid) };
}
