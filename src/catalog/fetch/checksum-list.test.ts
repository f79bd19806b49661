// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { isPlainName, readChecksums } from './checksum-list.ts';
import { compareVersions, linkedNames, newestName } from './newest.ts';

const sha256 = 'AB'.repeat(32);
const hash = sha256.toLowerCase();
const sha512 = 'cd'.repeat(64);

test.each([
  ['GNU', `${sha256}  a b.iso\n${hash} *c.iso`, ['a b.iso', 'c.iso']],
  ['folders before the name', `${hash}  ./x/a.iso\n${hash}  NetBSD-11.0/images/b.iso`, ['a.iso', 'b.iso']],
  ['BSD', `SHA256 (a.iso) = ${hash}\r\nMD5 (a.iso) = ${hash.slice(32)}`, ['a.iso']],
  ['Fedora', `# Fedora-1.iso: 2719 bytes\nSHA256 (Fedora-1.iso) = ${hash}`, ['Fedora-1.iso']],
  ['name first', `a.iso: ${hash}`, ['a.iso']],
  ['a hash alone', `${hash}\n`, [null]],
  ['a hash alone with its kind', `sha256:${hash}`, [null]],
  ['several kinds', `### SHA512SUMS:\n${sha512} *a.iso\n### SHA256SUMS:\n${hash} *a.iso`, ['a.iso']],
  [
    'hostile names',
    `${hash}  ..\n${hash}  .hidden\n${hash}  a\u0007.iso\n${hash}  a\u202Eosi.iso\n${hash}  -`,
    [],
  ],
  ['a path upwards counts by its last part', `${hash}  ../../x.iso`, ['x.iso']],
  ['no list', '<html><body>Not found</body></html>', []],
])('lists: %s', (_, text, names) => {
  expect(readChecksums(text, 'sha256')).toEqual(names.map((name) => ({ name, hash })));
});

test('SHA-512 and BLAKE2b have the same length; the words before them tell them apart', () => {
  const text = `SHA512 (a.iso) = ${sha512}\nBLAKE2b (b.iso) = ${sha512}`;
  expect(readChecksums(text, 'sha512').map(({ name }) => name)).toEqual(['a.iso']);
  expect(readChecksums(text, 'blake2b').map(({ name }) => name)).toEqual(['b.iso']);
});

test('a long line keeps nobody busy', () => {
  expect(readChecksums(`${'a '.repeat(1e6)}\n${'('.repeat(1e6)}`, 'sha256')).toEqual([]);
});

test('versions as people count them', () => {
  const sorted = [
    'a-9.1.iso',
    'a-13.0.rc1.iso',
    'a-13.0-beta2.iso',
    'a-13.0.iso',
    'a-13.0.1.iso',
    'a-13.10.iso',
  ];
  expect(sorted.toReversed().toSorted(compareVersions)).toEqual([
    'a-9.1.iso',
    'a-13.0-beta2.iso',
    'a-13.0.rc1.iso',
    'a-13.0.iso',
    'a-13.0.1.iso',
    'a-13.10.iso',
  ]);
  expect(compareVersions('20260101000000000001', '20260101000000000002')).toBe(-1);
  expect(
    newestName(['d-13.9-x.iso', 'd-13.10-x.iso', 'd-13.11-x.iso.sig'], String.raw`d-13\.\d+-x\.iso`),
  ).toBe('d-13.10-x.iso');
  expect(newestName(['x'], 'y')).toBe(null);
});

test('names on the page of a folder', () => {
  const page = `<a href="a%20b.iso">a</a> <A HREF=c.iso> <a href='/other/d.iso?x=1'> <a href="../"> <a href="%ff.iso">`;
  expect(linkedNames(page, new URL('https://example.org/f/'))).toEqual([
    'a b.iso',
    'c.iso',
    'd.iso',
    '%ff.iso',
  ]);
});

test.each(['', '.x', '..', 'a/b', 'a\nb', 'a\\b', '-x', 'x'.repeat(256)])('%j is no plain name', (name) => {
  expect(isPlainName(name)).toBe(false);
});
