// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Download } from './entry-file.ts';
import { findRelease, literalName, ofRelease } from './find-release.ts';

const listing = ['15.0', '9.3', '15.1', '14.4'].map((name) => `<a href="${name}/">${name}/</a>`).join('\n');

test('the highest version on a page is found, whatever the order', () => {
  expect(findRelease(listing, String.raw`href="(\d+\.\d+)/"`)).toBe('15.1');
  expect(findRelease(listing, String.raw`href="(14\.\d+)/"`)).toBe('14.4');
  expect(findRelease('{"a":"x/44.20260901.3.0/y"}\n', String.raw`x/([\d.]+)/y`)).toBe('44.20260901.3.0');
});

test('a page that names none finds nothing, and no text leads out of the folder', () => {
  expect(findRelease('<h1>404</h1>', String.raw`href="(\d+\.\d+)/"`)).toBeNull();
  expect(findRelease('href="../x/" href="a/b/"', 'href="([^"]*)/"')).toBeNull();
});

test('what was found stands in folder, mirrors, pattern and list of checksums', () => {
  const download: Download = {
    find: { page: 'https://example.org/', pattern: '(x)' },
    folder: 'https://example.org/{found}/',
    mirrors: ['https://example.net/{found}/'],
    file: String.raw`A-{found}-.*\.iso`,
    checksums: { url: 'SUM-{found}-{major}', algorithm: 'sha256' },
    packed: 'no',
  };
  expect(ofRelease(download, '15.1')).toEqual({
    folder: 'https://example.org/15.1/',
    mirrors: ['https://example.net/15.1/'],
    file: String.raw`A-15\.1-.*\.iso`,
    checksums: { url: 'SUM-15.1-15', algorithm: 'sha256' },
    packed: 'no',
  });
});

test('a pattern without choices is a name', () => {
  expect(literalName(String.raw`debian-13-generic-amd64\.qcow2`)).toBe('debian-13-generic-amd64.qcow2');
  const choices = [String.raw`a-\d+\.iso`, 'a.iso', 'a|b', 'a(?:b)', 'a[bc]'];
  expect(choices.map(literalName)).toEqual(choices.map(() => null));
});
