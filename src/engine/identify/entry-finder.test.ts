// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { nearestEntry } from './entry-finder.ts';

const entries = [
  { id: 'debian13', aliases: ['debian', 'trixie'], osinfo: 'http://debian.org/debian/13' },
  { id: 'freebsd14', aliases: ['freebsd14.3'], osinfo: 'http://freebsd.org/freebsd/14.3' },
  { id: 'kali', aliases: ['kalilinux'] },
  { id: 'haiku', aliases: [] },
  { id: 'coreos-stable', aliases: ['fedora-coreos'] },
];

test.each([
  ['debian13', null, 'debian13'],
  ['trixie', null, 'debian13'],
  ['something', 'http://debian.org/debian/13', 'debian13'],
  ['freebsd14.3', null, 'freebsd14'],
  ['freebsd14.2', 'http://freebsd.org/freebsd/14.2', 'freebsd14'],
  ['kali2025.4', null, 'kali'],
  ['haikur1beta5', null, 'haiku'],
  ['fedora-coreos', null, 'coreos-stable'],
  // "debian" means the newest, not an old one.
  ['debian11', 'http://debian.org/debian/11', null],
  ['freebsd9.1', null, null],
  ['generic', null, null],
])('%s %s', (id, osinfo, expected) => {
  expect(nearestEntry({ id, osinfo }, entries)).toBe(expected);
});
