// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findImages, imageOf, parseImageName } from './images.ts';

test('a name says what an image is', () => {
  expect(parseImageName('phyllome-headless-debian-x86-64_20261126.1.raw')).toEqual({
    edition: 'headless',
    distribution: 'debian',
    architecture: 'x86-64',
    version: '20261126.1',
  });
  for (const other of ['phyllome-headless-debian-x86-64_1.esp.raw', 'initrd.cpio.zst', 'phyllome_1.raw'])
    expect(parseImageName(other)).toBeNull();
});

test('the oldest comes first, and what is missing says how it is made', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'phlab-'));
  for (const version of ['10', '2', '1'])
    await writeFile(join(folder, `phyllome-headless-debian-x86-64_${version}.raw`), '');
  const images = findImages(folder);
  expect(images.map(({ version }) => version)).toEqual(['1', '2', '10']);
  expect(imageOf(images, 'headless').version).toBe('1');
  expect(imageOf(images, 'headless', 'second').file).toContain('_2.raw');
  expect(() => imageOf(images, 'kiosk')).toThrow('phyllome os build --edition kiosk');
  expect(() => imageOf(images.slice(2), 'headless', 'second')).toThrow('--version 2 --publish');
  await rm(folder, { recursive: true });
});
