// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { stableSources, ubuntuSources } from './apt-sources.ts';

const printed = `'http://mirror.example/debian/dists/bookworm/InRelease' mirror.example_debian_dists_bookworm_InRelease 0 
'http://mirror.example/debian/dists/bookworm-updates/InRelease' mirror.example_debian_dists_bookworm-updates_InRelease 0 
'http://mirror.example/debian/dists/bookworm-backports/InRelease' x 0 
'https://security.example/dists/bookworm-security/InRelease' x 0 
'https://other.example/repo/dists/nodistro/InRelease' x 0 
'http://mirror.example/debian/dists/bookworm/main/binary-amd64/Packages.xz' x 0 
`;

test('the stable release on the servers of this PC, and nothing of other people', () => {
  const signed = 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';
  expect(stableSources(printed, 'bookworm')).toEqual([
    `${signed} http://mirror.example/debian stable main`,
    `${signed} http://mirror.example/debian stable-updates main`,
    `${signed} https://security.example stable-security main`,
  ]);
  expect(stableSources(printed, 'trixie')).toEqual([]);
  expect(stableSources(printed, '')).toEqual([]);
});

test('Ubuntu has one server for PCs and one for everything else', () => {
  const [first] = ubuntuSources('riscv64', 'noble');
  expect(first).toMatch(/ubuntu-ports noble main universe$/);
  expect(ubuntuSources('amd64', 'noble')[0]).toMatch(/\/ubuntu noble main universe$/);
});
