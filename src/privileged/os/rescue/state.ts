// SPDX-License-Identifier: Apache-2.0
//
// The file system with machines and settings, from a system that runs without it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAccess } from '../../../host/access/access-file.ts';
import { isPassword } from '../../../host/access/password.ts';
import { errorCode } from '../../../host/files.ts';
import { osTool } from '../os-tool.ts';

/** Its partition, named by os/mkosi.extra/usr/lib/repart.d/40-root.conf. */
const partition = 'dev/disk/by-partlabel/phyllome-state';
const opened = 'dev/mapper/phyllome-state';
const mountPoint = 'run/phyllome-rescue/state';

/** Runs a program that may talk to whoever sits there. */
export function onTerminal(
  root: string,
  argv: readonly string[],
  allowed: readonly number[] = [],
): Promise<void> {
  const [program = '', ...parameters] = argv;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn(join(root, program), parameters, { stdio: 'inherit' });
  child.once('error', reject);
  child.once('close', (code, signal) => {
    if (code !== null && [0, ...allowed].includes(code)) resolve();
    else reject(new Error(`${program} ended with ${signal ?? code}`));
  });
  return promise;
}

/** The device with the file system; an encrypted partition is opened first, by its TPM or by what is typed. */
async function stateDevice(root: string, signal: AbortSignal): Promise<string> {
  if (existsSync(join(root, opened))) return `/${opened}`;
  if (!existsSync(join(root, partition)))
    throw new Error('this PC has no partition for machines and settings; a factory reset makes one');
  const kind = await osTool(root, ['/usr/sbin/blkid', '-o', 'value', '-s', 'TYPE', `/${partition}`], {
    signal,
  });
  if (kind.trim() !== 'crypto_LUKS') return `/${partition}`;
  await onTerminal(root, [
    '/usr/lib/systemd/systemd-cryptsetup',
    'attach',
    'phyllome-state',
    `/${partition}`,
    '-',
    'tpm2-device=auto',
  ]);
  return `/${opened}`;
}

/** fsck.f2fs says 1 when it repaired something. */
export async function checkState(root: string, signal: AbortSignal): Promise<void> {
  await onTerminal(root, ['/usr/sbin/fsck.f2fs', '-f', '-y', await stateDevice(root, signal)], [1]);
}

/** Whether this is the password of the page. null: none was ever set, or the file cannot be read (an encrypted folder). */
export async function isOwner(root: string, signal: AbortSignal, password: string): Promise<boolean | null> {
  const place = join(root, mountPoint);
  await mkdir(place, { recursive: true, mode: 0o700 });
  const device = await stateDevice(root, signal);
  await osTool(
    root,
    ['/usr/bin/mount', '-t', 'f2fs', '-o', 'ro,nosuid,nodev,noexec', device, `/${mountPoint}`],
    {
      signal,
    },
  );
  try {
    const file = join(place, 'var/lib/phyllome/access.json');
    const { password: kept } = parseAccess(await readFile(file, 'utf8'), file);
    return kept === undefined ? null : await isPassword(password, kept);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  } finally {
    await osTool(root, ['/usr/bin/umount', `/${mountPoint}`], { signal });
  }
}
