// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMedium } from './read-medium.ts';
import { makeUdf, makeWim } from './udf-testing.ts';

const editions = `<WIM><IMAGE INDEX="1"><WINDOWS><ARCH>9</ARCH><PRODUCTTYPE>WinNT</PRODUCTTYPE>
<VERSION><MAJOR>10</MAJOR><MINOR>0</MINOR><BUILD>26100</BUILD></VERSION></WINDOWS>
<NAME>Windows 11 Pro</NAME></IMAGE><IMAGE INDEX="2"><NAME>Windows 11 Home</NAME></IMAGE></WIM>`;
const windows = makeUdf(
  { volume: 'CCCOMA_X64FRE_EN-US_DV9', publisher: 'MICROSOFT CORPORATION' },
  'CCCOMA_X64FRE_EN-US_DV9',
  {
    bootmgr: Buffer.from('x'),
    'efi/boot/bootx64.efi': Buffer.from('MZ'),
    'sources/install.wim': makeWim(editions),
  },
);
const read = (content: Buffer) => async (offset: number, length: number) =>
  content.subarray(offset, offset + length);

test('what a medium of Windows installs', async () => {
  expect(await readMedium(read(windows))).toMatchObject({
    udf: 'CCCOMA_X64FRE_EN-US_DV9',
    names: ['bootmgr', 'efi', 'sources'],
    loaders: ['bootx64.efi'],
    windows: {
      version: '10.0',
      build: 26_100,
      server: false,
      architecture: 'x86_64',
      editions: ['Windows 11 Pro', 'Windows 11 Home'],
    },
  });
});

test('the label is read where the anchor is cut off', async () => {
  const found = await readMedium(read(windows.subarray(0, 300_000)));
  expect(found).toMatchObject({ udf: 'CCCOMA_X64FRE_EN-US_DV9', names: [], windows: null });
});

test('UDF alone, without ISO 9660', async () => {
  const alone = Buffer.from(windows);
  alone.fill(0, 16 * 2048, 18 * 2048);
  ['BEA01', 'NSR02', 'TEA01'].forEach((mark, index) => alone.write(mark, (16 + index) * 2048 + 1, 'latin1'));
  expect(await readMedium(read(alone))).toMatchObject({ volume: '', udf: 'CCCOMA_X64FRE_EN-US_DV9' });
});

test('whatever is damaged: an answer, few reads', async () => {
  const interesting = fc.integer({ min: 32 * 2048, max: windows.length - 1 });
  const spot = fc.record({ at: interesting, value: fc.constantFrom(0, 1, 8, 0x7f, 0xff) });
  await fc.assert(
    fc.asyncProperty(fc.array(spot, { maxLength: 50 }), fc.nat(windows.length), async (spots, length) => {
      const image = Buffer.from(windows.subarray(0, length));
      for (const { at, value } of spots) if (at < image.length) image.writeUInt8(value, at);
      let reads = 0;
      await readMedium(async (offset, wanted) => {
        reads += 1;
        return image.subarray(offset, offset + wanted);
      });
      expect(reads).toBeLessThanOrEqual(600);
    }),
    { numRuns: 200 },
  );
});
