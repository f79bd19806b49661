// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { DiskFacts } from '../../disk/installed/read-installed.ts';
import { detectDisk } from './detect-disk.ts';
import { systemOfRelease } from './os-release.ts';

const disk = (said: Partial<DiskFacts>): DiskFacts => ({
  table: 'gpt',
  types: [],
  names: [],
  fileSystems: [],
  loaders: [],
  programs: [],
  osRelease: null,
  ...said,
});

test.each([
  [
    'ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"',
    'debian13',
    'Debian GNU/Linux 13 (trixie)',
  ],
  ['ID=debian\nPRETTY_NAME="Debian GNU/Linux forky/sid"', 'debiantesting', 'Debian GNU/Linux forky/sid'],
  ['NAME="Ubuntu"\nVERSION_ID="26.04"\nID=ubuntu\nID_LIKE=debian', 'ubuntu26.04', 'Ubuntu 26.04'],
  ['ID=linuxmint\nVERSION_ID="22.2"\nNAME="Linux Mint"', 'linuxmint22.2', 'Linux Mint 22.2'],
  ['ID=fedora\nVERSION_ID=44\nVARIANT_ID=silverblue\nNAME=Fedora', 'silverblue44', 'Fedora 44'],
  ['ID="rocky"\nVERSION_ID="10.1"\nNAME="Rocky Linux"', 'rocky10', 'Rocky Linux 10.1'],
  ['ID=alpine\nVERSION_ID=3.23.2\nNAME="Alpine Linux"', 'alpinelinux3.23', 'Alpine Linux 3.23.2'],
  ['ID=arch\nNAME="Arch Linux"', 'archlinux', 'Arch Linux'],
])('%s', (text, id, name) => {
  expect(systemOfRelease(text)).toMatchObject({ id, name });
  expect(detectDisk(disk({ osRelease: text }))).toMatchObject({
    id,
    name,
    kind: 'disk',
    confidence: 'certain',
  });
});

test('os-release that says nothing, or strange things', () => {
  expect(systemOfRelease('')).toBeNull();
  expect(systemOfRelease('ID=../../x')).toBeNull();
  expect(systemOfRelease('ID=x\nVERSION_ID="1 $(rm)"')?.id).toBe('x1---rm-');
});

test('without it, what is only likely', () => {
  expect(detectDisk(disk({ loaders: ['BOOT', 'Microsoft'], programs: ['bootx64.efi'] }))).toMatchObject({
    id: 'win',
    name: 'Windows',
    architecture: 'x86_64',
    confidence: 'likely',
  });
  expect(detectDisk(disk({ names: ['hassos-boot'] })).id).toBe('haos');
  expect(detectDisk(disk({ table: 'mbr', types: ['a5'] })).id).toBe('freebsd');
  expect(detectDisk(disk({ table: 'mbr', types: ['07'], fileSystems: ['ntfs'] })).id).toBe('win');
  expect(detectDisk(disk({ types: ['x'] }))).toMatchObject({ id: 'generic', confidence: 'none' });
});
