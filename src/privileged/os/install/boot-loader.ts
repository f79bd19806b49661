// SPDX-License-Identifier: Apache-2.0
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { osTool } from '../os-tool.ts';

/**
 * Makes the disk one that this PC starts from: systemd-boot on its boot partition, under the name that every firmware looks
 * for as well, and an entry in the firmware. A firmware that takes no entry is no failure: it finds the other one.
 */
export async function installBootLoader(
  root: string,
  esp: string,
  work: string,
  signal: AbortSignal,
): Promise<void> {
  const mount = join(work, 'new-esp');
  await mkdir(mount);
  await osTool(root, ['/usr/bin/mount', '-t', 'vfat', '-o', 'nosuid,nodev,noexec,umask=0077', esp, mount], {
    signal,
  });
  try {
    await cp(join(work, 'esp'), mount, { recursive: true });
    await osTool(root, ['/usr/bin/sync'], { signal });
    // What makes it start comes last.
    await osTool(
      root,
      [
        '/usr/bin/bootctl',
        'install',
        `--esp-path=${mount}`,
        '--make-entry-directory=no',
        '--entry-token=machine-id',
        '--graceful',
      ],
      { signal },
    );
  } finally {
    await osTool(root, ['/usr/bin/umount', mount]);
  }
}
