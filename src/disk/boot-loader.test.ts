// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDiskTrace } from './boot-loader.ts';
import type { ReadBytes } from './guest-bytes.ts';
import { readPartitionTable } from './partitions.ts';
import { fatBytes, gptDisk, mbrDisk } from './testing.ts';

const reader =
  (disk: Buffer): ReadBytes =>
  (offset, length) =>
    Promise.resolve(Buffer.concat([disk.subarray(offset, offset + length)], length));

const esp = 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b';
const biosBoot = '21686148-6449-6e6f-744e-656564454649';
const linux = '0fc63daf-8483-4772-8e79-3d69d8477de4';

test.each<[string, Buffer, 'none' | 'mbr' | 'efi']>([
  ['nothing', Buffer.alloc(2 ** 20), 'none'],
  ['a table without a program', mbrDisk([{ type: 0x83, active: true }]), 'none'],
  ['the program of a partitioning tool', mbrDisk([{ type: 0x83, active: true }], { code: true }), 'none'],
  [
    'the same, the partition formatted',
    mbrDisk([{ type: 0x83, active: true }], { code: true, content: Buffer.alloc(512, 1) }),
    'none',
  ],
  ['GRUB behind the table', mbrDisk([{ type: 0x83, active: false }], { code: true, gap: true }), 'mbr'],
  [
    'Windows in the active partition',
    mbrDisk([{ type: 7, active: true }], { code: true, content: fatBytes({ efi: false }) }),
    'mbr',
  ],
  ['what GRUB left, and no program', mbrDisk([{ type: 0x83, active: true }], { gap: true }), 'none'],
  ['a file system without a table', fatBytes({ efi: true }), 'none'],
  ['a place for EFI programs', gptDisk([{ type: esp }]), 'none'],
  ['a formatted place for EFI programs', gptDisk([{ type: esp, content: fatBytes({ efi: false }) }]), 'none'],
  ['an EFI program', gptDisk([{ type: linux }, { type: esp, content: fatBytes({ efi: true }) }]), 'efi'],
  ['an EFI program on FAT16', gptDisk([{ type: esp, content: fatBytes({ efi: true, fat16: true }) }]), 'efi'],
  ['a folder EFI on another partition', gptDisk([{ type: linux, content: fatBytes({ efi: true }) }]), 'none'],
  [
    'an EFI program on a disk with an old table',
    mbrDisk([{ type: 0xef, active: false }], { content: fatBytes({ efi: true }) }),
    'efi',
  ],
  [
    'GRUB for BIOS on a GPT',
    gptDisk([{ type: biosBoot, content: Buffer.alloc(512, 0xeb) }], { code: true }),
    'mbr',
  ],
  ['an empty place for GRUB', gptDisk([{ type: biosBoot }], { code: true }), 'none'],
])('%s', async (_, disk, loader) => {
  expect((await readDiskTrace(reader(disk))).loader).toBe(loader);
});

test('the identity of a table stays when a partition is added, and changes with a new table', async () => {
  const identity = async (disk: Buffer) => (await readDiskTrace(reader(disk))).identity;
  const first = await identity(gptDisk([{ type: linux }]));
  expect(first).not.toBe('');
  expect(await identity(gptDisk([{ type: linux }, { type: esp }]))).toBe(first);
  expect(await identity(gptDisk([{ type: linux }], { id: 7 }))).not.toBe(first);
  const old = await identity(mbrDisk([{ type: 0x83, active: false }], { signature: 5 }));
  expect(await identity(mbrDisk([{ type: 7, active: true }], { signature: 5 }))).toBe(old);
  expect(await identity(mbrDisk([{ type: 0x83, active: false }], { signature: 6 }))).not.toBe(old);
});

test('partitions are where the table says', async () => {
  const { kind, partitions } = await readPartitionTable(reader(gptDisk([{ type: esp }, { type: linux }])));
  expect(kind).toBe('gpt');
  expect(partitions.map(({ type }) => type)).toEqual([esp, linux]);
  expect(partitions.map(({ offset }) => offset)).toEqual([64 * 1024, 128 * 1024]);
});

test('no content makes it fail otherwise than by a read that is refused', async () => {
  const noise = fc.array(fc.tuple(fc.nat(140_000), fc.uint8Array({ maxLength: 40 })), { maxLength: 20 });
  const strict =
    (disk: Buffer): ReadBytes =>
    (offset, length) => {
      if (!Number.isSafeInteger(offset) || offset < 0 || length < 0 || length > 2 ** 20)
        return Promise.reject(new RangeError('refused'));
      return reader(disk)(offset, length);
    };
  await fc.assert(
    fc.asyncProperty(fc.boolean(), noise, async (isGpt, patches) => {
      const disk = isGpt
        ? gptDisk([{ type: esp, content: fatBytes({ efi: true }) }])
        : mbrDisk([{ type: 0xef, active: true }], { code: true, content: fatBytes({ efi: true }) });
      for (const [at, bytes] of patches) disk.set(bytes.subarray(0, Math.max(0, disk.length - at)), at);
      try {
        expect(['none', 'mbr', 'efi']).toContain((await readDiskTrace(strict(disk))).loader);
      } catch (error) {
        expect((error as Error).message).toBe('refused');
      }
    }),
  );
});
