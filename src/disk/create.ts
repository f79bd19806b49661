// SPDX-License-Identifier: Apache-2.0
import { open } from 'node:fs/promises';
import type { Disk } from '../contract/machine.ts';
import type { DiskKey } from './disk-key.ts';
import { luksOptions } from './encrypted-image.ts';
import { makeNewFile } from './new-file.ts';
import { runQemuImg } from './qemu-img.ts';

export interface NewImage {
  /** Absolute path; the folder exists */
  file: string;
  format: Disk['format'];
  /** Virtual size (bytes) */
  size: number;
  /** Encrypts it; qcow2 only. Left out: it is not encrypted */
  key?: DiskKey | null;
}

// Features that QEMU 7.2 and Cloud Hypervisor read, too: the defaults of compat 1.1, clusters of 64 KiB.
export const qcow2Options = 'compat=1.1,cluster_size=65536,lazy_refcounts=off,preallocation=off';

/**
 * Makes an empty disk that takes no space until a guest writes to it.
 * @throws PhyllomeError `file-exists`, `no-space`, `tool-missing`, `file-unreadable`
 */
export async function createImage({ file, format, size, key = null }: NewImage): Promise<void> {
  await makeNewFile('disk', file, async (temporary) => {
    await using handle = await open(temporary, 'wx', 0o600);
    if (format === 'raw') {
      await handle.truncate(size);
      return;
    }
    const options = key === null ? qcow2Options : `${qcow2Options},${luksOptions}`;
    const parameters = ['create', '-q', '-f', 'qcow2', '-o', options, temporary, String(size)];
    await runQemuImg(parameters, 'disk', file, { key });
  });
}
