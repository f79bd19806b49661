// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMedium } from './read-medium.ts';
import { makeIso } from './testing.ts';

const reader = (content: Buffer) => async (offset: number, length: number) =>
  content.subarray(offset, offset + length);
const facts = (content: Buffer) => readMedium(reader(content));

const debian = {
  volume: 'Debian 13.2.0 amd64 n',
  publisher: 'nobody',
  application: 'an application',
  volumeSet: 'a set',
  preparer: 'XORRISO',
  system: 'LINUX',
  created: '2025111509142500',
  bytes: 790 * 2 ** 20,
  boot: [0, 0xef],
  files: {
    '.disk/info': 'Debian GNU/Linux 13.2.0 "Trixie" - Official amd64 NETINST\n',
    'EFI/boot/bootx64.efi': 'MZ',
    'EFI/boot/grubx64.efi': 'MZ',
    'README.txt': 'x',
  },
  rockRidge: true,
};

test('everything a medium says', async () => {
  expect(await facts(makeIso(debian))).toEqual({
    volume: 'Debian 13.2.0 amd64 n',
    volumeSet: 'a set',
    system: 'LINUX',
    publisher: 'nobody',
    preparer: 'XORRISO',
    application: 'an application',
    joliet: '',
    udf: '',
    bytes: 790 * 2 ** 20,
    created: '2025-11-15T09:14:25.000Z',
    bootable: true,
    boot: ['bios', 'uefi'],
    hybrid: false,
    bootCode: false,
    names: ['.disk', 'EFI', 'README.txt'],
    loaders: ['bootx64.efi', 'grubx64.efi'],
    texts: { '.disk/info': 'Debian GNU/Linux 13.2.0 "Trixie" - Official amd64 NETINST' },
    windows: null,
  });
});

test('of a file that is cut off, what its header says', async () => {
  const whole = makeIso(debian);
  const header = await facts(whole.subarray(0, 19 * 2048));
  expect(header).toMatchObject({
    volume: debian.volume,
    bytes: debian.bytes,
    bootable: true,
    boot: null,
    names: [],
  });
  expect(await facts(whole.subarray(0, 17 * 2048 - 1))).toBeNull();
});

test('a label in Joliet may be of other characters', async () => {
  const found = await facts(makeIso({ volume: 'CAFE', joliet: 'Café 2', files: { a: 'x' } }));
  expect(found).toMatchObject({ volume: 'CAFE', joliet: 'Café 2' });
});

test('nothing that a terminal would obey stays in a label', async () => {
  const found = await facts(makeIso({ volume: 'a\u001b[2Jb\u0085\u202Ec', publisher: 'x\0y' }));
  expect(found).toMatchObject({ publisher: 'x' });
  expect(found?.volume).toMatch(/^a \[2Jb/);
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  expect(found?.volume).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test('folders that contain themselves, places that do not exist, lengths that lie', async () => {
  const image = makeIso({ volume: 'X', files: { 'EFI/BOOT/BOOTX64.EFI': 'a' } });
  // Every folder and file leads to the root folder.
  const root = image.readUInt32LE(16 * 2048 + 158);
  for (let at = root * 2048; at + 34 < image.length;) {
    const length = image.readUInt8(at);
    if (length === 0) break;
    image.writeUInt32LE(root, at + 2);
    image.writeUInt8(2, at + 25);
    at += length;
  }
  expect(await facts(image)).toMatchObject({ volume: 'X', loaders: [] });
  const lies = makeIso({ volume: 'Y', boot: [0], files: { '.disk/info': 'z' } });
  lies.writeUInt32LE(0xffffffff, 16 * 2048 + 158);
  lies.writeUInt32LE(0xffffffff, 16 * 2048 + 166);
  lies.writeUInt32LE(0xffffffff, 17 * 2048 + 0x47);
  expect(await facts(lies)).toMatchObject({ volume: 'Y', names: [], texts: {}, boot: null, bootable: true });
});

test('whatever bytes: an answer, few reads, nothing thrown', async () => {
  const whole = makeIso({ ...debian, joliet: 'Debian' });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ at: fc.nat(whole.length - 1), value: fc.nat(255) }), { maxLength: 60 }),
      fc.nat(whole.length),
      async (changes, length) => {
        const image = Buffer.from(whole.subarray(0, length));
        for (const { at, value } of changes) if (at < image.length) image.writeUInt8(value, at);
        let reads = 0;
        await readMedium(async (offset, wanted) => {
          reads += 1;
          return image.subarray(offset, offset + wanted);
        });
        expect(reads).toBeLessThanOrEqual(600);
      },
    ),
    { numRuns: 300 },
  );
  const noise = fc.uint8Array({ minLength: 0, maxLength: 3 * 2048 });
  await fc.assert(
    fc.asyncProperty(noise, async (bytes) => {
      const image = makeIso({ volume: 'N' });
      Buffer.from(bytes).copy(image, 17 * 2048);
      expect((await facts(image))?.volume).toBe('N');
    }),
  );
});
