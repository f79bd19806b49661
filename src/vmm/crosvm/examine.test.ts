// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { crosvmFormat, examine } from './examine.ts';
import { fakePc, machine } from './testing.ts';

const littleEndian = (mark: number): Buffer => {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32LE(mark);
  return bytes;
};

test.for<[string, Buffer, string | null]>([
  ['zeros', Buffer.alloc(32), null],
  ['a boot sector', Buffer.from([0xeb, 0x63, 0x90, 0x10]), null],
  ['nothing', Buffer.alloc(0), null],
  ['three bytes of a mark', Buffer.from('QFI'), null],
  ['qcow2', Buffer.from('QFI\xfb\0\0\0\x03', 'latin1'), 'qcow2'],
  ['a composite disk, which names files', Buffer.from('composite_disk\x1d\x01', 'latin1'), 'composite'],
  ['Android sparse', littleEndian(0xed26ff3a), 'android-sparse'],
  ['zstd', littleEndian(0xfd2fb528), 'zstd'],
  ['zstd, skippable', littleEndian(0x184d2a5f), 'zstd'],
  ['one more than that', littleEndian(0x184d2a60), null],
])('what crosvm takes a disk for: %s', ([, bytes, format]) => expect(crosvmFormat(bytes)).toBe(format));

test('a raw disk that a guest made look like something else is refused', async () => {
  await using pc = await fakePc();
  await writeFile(join(pc.paths.machine, 'disguised.raw'), Buffer.from('QFI\xfb\0\0\0\x03', 'latin1'));
  await writeFile(join(pc.paths.machine, 'honest.raw'), Buffer.alloc(512));
  const seen = (draft: object) => examine(machine(draft), pc.paths);

  const [reason, ...more] = await seen({
    disks: ['disguised.raw', 'honest.raw'].map((file) => ({ file, format: 'raw' })),
  });
  expect(reason).toMatchObject({ code: 'disk-disguised', text: expect.stringContaining('disguised.raw') });
  expect(more).toEqual([]);
  // Media are raw, too.
  expect(
    await seen({ removable: [{ type: 'cdrom', file: 'disguised.raw' }, { type: 'cdrom' }] }),
  ).toHaveLength(1);
  // One that says what it is may be one; a missing file is for others to find.
  expect(
    await seen({
      disks: [
        { file: 'disguised.raw', format: 'qcow2' },
        { file: 'none.raw', format: 'raw' },
      ],
    }),
  ).toEqual([]);
});
