// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogItem } from '../item.ts';
import { tinyCommandLine } from './command-line.ts';

/** The guest of a new user's first minute, and of all our boot tests. */
export const tiny: CatalogItem = {
  id: 'tiny',
  name: 'Tiny Linux',
  description:
    'A small Linux to try things with: made on this PC in seconds, boots in seconds, needs no download site',
  draft: (architecture) => ({
    guestOs: 'tiny',
    architecture,
    cpu: { vcpus: 1 },
    memory: '256MiB',
    boot: {
      type: 'kernel',
      kernel: 'kernel/vmlinuz',
      initrd: 'kernel/initrd',
      commandLine: tinyCommandLine(architecture),
    },
    disks: [{ file: 'disks/data.qcow2', format: 'qcow2', size: '1GiB' }],
    nics: [{ type: 'user' }],
  }),
  async prepare({ directory, architecture, cacheDirectory, progress, signal }) {
    const onProgress = ({ what, fraction }: { what: string; fraction: number | null }) =>
      progress(what, fraction);
    const { buildTiny } = await import('./build.ts');
    const { kernel, initrd } = await buildTiny({ architecture, cacheDirectory, onProgress, signal });
    const folder = join(directory, 'kernel');
    await mkdir(folder, { mode: 0o700 });
    // The machine gets copies of its own (shared blocks where the file system can): it must boot on the next PC.
    await copyFile(kernel, join(folder, 'vmlinuz'), constants.COPYFILE_FICLONE);
    await copyFile(initrd, join(folder, 'initrd'), constants.COPYFILE_FICLONE);
  },
};
