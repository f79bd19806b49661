// SPDX-License-Identifier: Apache-2.0
//
// crosvm puts each of its devices into a process of its own, locked into namespaces and an empty root (minijail).
// Many PCs do not let it: whether this one does is found out by doing the same.
import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { findBinary } from '../../host/binaries.ts';

export interface SandboxReport {
  usable: boolean;
  /** Why not; empty when it is */
  reason: string;
  /** A folder of the system that is empty and stays so; null: the plan makes one */
  emptyFolder: string | null;
  /** crosvm runs as root, which it needs for shared folders where the sandbox does not work */
  root: boolean;
}

// Empty by the agreement of several distributions, and where crosvm itself looks.
const emptyFolders = ['/var/empty', '/usr/share/empty'];
// Takes some milliseconds (ms).
const patience = 5000;

export async function probeSandbox(): Promise<SandboxReport> {
  const [emptyFolder, reason] = await Promise.all([findEmptyFolder(), namespaceProblem()]);
  return { usable: reason === null, reason: reason ?? '', emptyFolder, root: process.getuid?.() === 0 };
}

async function findEmptyFolder(): Promise<string | null> {
  for (const folder of emptyFolders) if (await staysEmpty(folder)) return folder;
  return null;
}

/** Others than root could put something into it otherwise. */
async function staysEmpty(folder: string): Promise<boolean> {
  try {
    const { uid, mode } = await stat(folder);
    return uid === 0 && (mode & 0o022) === 0 && (await readdir(folder)).length === 0;
  } catch {
    // Missing, or closed to us: no use in either case.
    return false;
  }
}

/**
 * Making namespaces may succeed and still be worth nothing: Ubuntu's AppArmor takes all rights in them away. So
 * something is mounted there, as minijail does.
 */
function namespaceProblem(): Promise<string | null> {
  const unshare = findBinary('unshare');
  const mount = findBinary('mount');
  if (unshare === null || mount === null) return Promise.resolve('unshare and mount are not here to try it');
  const namespaces = ['--user', '--map-root-user', '--mount', '--net', '--pid', '--ipc', '--fork'];
  const command = [...namespaces, mount, '-t', 'tmpfs', 'none', '/tmp'];
  return new Promise((resolve) => {
    execFile(unshare, command, { timeout: patience, env: { LC_ALL: 'C' } }, (error, _stdout, stderr) =>
      resolve(error === null ? null : stderr.trim().split('\n').at(-1) || error.message),
    );
  });
}
