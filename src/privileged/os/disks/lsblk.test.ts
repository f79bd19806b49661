// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPlugs } from './lsblk.ts';

test('disks are known by where they are plugged in; partitions, and folders of them, are none', async () => {
  const root = await mkdtemp(join(tmpdir(), 'phd-'));
  try {
    expect(readPlugs(root)).toEqual(new Map());
    const folder = join(root, 'dev/disk/by-path');
    // As udev makes it since version 257.
    await mkdir(join(folder, 'pci-0000:00:09.0-part/by-partuuid'), { recursive: true });
    await symlink('../../vda', join(folder, 'pci-0000:00:09.0'));
    await symlink('../../vda1', join(folder, 'pci-0000:00:09.0-part1'));
    await symlink('../../nvme0n1', join(folder, 'pci-0000:02:00.0-nvme-1'));
    expect(readPlugs(root)).toEqual(
      new Map([
        ['vda', 'pci-0000:00:09.0'],
        ['nvme0n1', 'pci-0000:02:00.0-nvme-1'],
      ]),
    );
  } finally {
    await rm(root, { recursive: true });
  }
});
