// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findBinary } from '../../src/host/binaries.ts';
import { biosMessage, bootCode, writeBiosMessage } from './bios-message.ts';

test('the code fits, and its text is where it looks for it', () => {
  const code = bootCode(biosMessage);
  const text = code.readUInt16LE(6) - 0x7c00;
  expect(code.toString('latin1', text, code.length - 1)).toBe(biosMessage);
  expect(code.at(-1)).toBe(0);
  expect(() => bootCode('x'.repeat(500))).toThrow('bytes too long');
  // A screen of text has 80 columns; the last one breaks the line.
  expect(Math.max(...biosMessage.split('\r\n').map(({ length }) => length))).toBeLessThan(80);
});

test('the partitions of the disk stay', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'phbios-'));
  const image = join(folder, 'disk.raw');
  await writeFile(image, '');
  await truncate(image, 8 * 2 ** 20);
  await expect(writeBiosMessage(image)).rejects.toThrow('has no MBR');
  execFileSync(findBinary('sfdisk') ?? 'sfdisk', ['--quiet', image], {
    input: 'label: gpt\nstart=1MiB,size=2MiB,name="esp"\n',
  });
  const before = await readFile(image);
  await writeBiosMessage(image);
  const after = await readFile(image);
  expect(after.subarray(440).equals(before.subarray(440))).toBe(true);
  expect(after.subarray(0, 440).includes('needs UEFI')).toBe(true);
  await rm(folder, { recursive: true });
});
