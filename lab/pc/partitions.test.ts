// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findBinary } from '../../src/host/binaries.ts';
import { emptyDisk } from './disks.ts';
import { flipBit, readPartitions } from './partitions.ts';

test('finds partitions as sfdisk made them, and changes one bit', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'phlab-'));
  const disk = await emptyDisk(join(folder, 'disk.raw'), 16);
  await expect(readPartitions(disk)).rejects.toThrow('no GPT');
  execFileSync(findBinary('sfdisk') ?? 'sfdisk', ['--quiet', disk], {
    input: 'label: gpt\nstart=1MiB,size=2MiB,name="esp"\nstart=4MiB,size=8MiB,name="phyllome_1"\n',
  });
  expect(await readPartitions(disk)).toEqual([
    { label: 'esp', start: 2 ** 20, size: 2 * 2 ** 20 },
    { label: 'phyllome_1', start: 4 * 2 ** 20, size: 8 * 2 ** 20 },
  ]);
  await flipBit(disk, 5 * 2 ** 20);
  const bytes = await readFile(disk);
  expect(bytes[5 * 2 ** 20]).toBe(1);
  await flipBit(disk, 5 * 2 ** 20);
  expect((await readFile(disk))[5 * 2 ** 20]).toBe(0);
  await rm(folder, { recursive: true });
});
