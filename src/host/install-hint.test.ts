// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installHint } from './install-hint.ts';
import { readOsRelease } from './os-release.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'phyllome-test-'));
});
afterEach(() => rm(root, { recursive: true }));

async function install(osRelease: string, directory = 'etc'): Promise<void> {
  await mkdir(join(root, directory), { recursive: true });
  await writeFile(join(root, directory, 'os-release'), osRelease);
}

test.each([
  ['Debian', 'ID=debian\nVERSION_ID="13"', 'sudo apt install qemu-utils'],
  ['Ubuntu', 'ID=ubuntu\nID_LIKE=debian', 'sudo apt install qemu-utils'],
  ['Mint', 'ID=linuxmint\nID_LIKE="ubuntu debian"', 'sudo apt install qemu-utils'],
  ['Fedora', 'ID=fedora', 'sudo dnf install qemu-img'],
  ['Rocky', 'ID="rocky"\nID_LIKE="rhel centos fedora"', 'sudo dnf install qemu-img'],
  ['Arch', 'ID=arch', 'sudo pacman -S qemu-img'],
  ['Manjaro', "ID='manjaro'\nID_LIKE='arch'", 'sudo pacman -S qemu-img'],
  ['Tumbleweed', 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"', 'sudo zypper install qemu-img'],
  ['Phyllome OS', 'ID=debian\nIMAGE_ID=phyllome\nIMAGE_VERSION=3', 'phyllome os update'],
])('the command of %s', async (_, osRelease, command) => {
  await install(osRelease);
  expect(installHint('qemu-img', root)).toBe(command);
});

test('an unknown distribution gets the name to search for', async () => {
  await install('ID=exotic');
  expect(installHint('uefi-x86_64', root)).toContain('ovmf');
  expect(installHint('uefi-x86_64', join(root, 'nothing'))).toContain('ovmf');
});

test('os-release has a second place, comments and quotes', async () => {
  await install('# a comment\nNAME="Fedora Linux"\nID=fedora\n\nnonsense\n', 'usr/lib');
  expect(readOsRelease(root)).toEqual({ NAME: 'Fedora Linux', ID: 'fedora' });
});
