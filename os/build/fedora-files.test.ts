// SPDX-License-Identifier: Apache-2.0
//
// The files for Fedora cannot be tried here. So that they stay right they are compared with what is generated, and held
// against a short list of what they may say: pykickstart and hadolint, which know more, are not in Debian.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { containerPackages, layeredPackages, onlyOfImages } from './fedora-files.ts';
import { editions } from '../../src/contract/os.ts';
import { readPackages } from './packages.ts';
import { fedoraFiles } from './write-fedora.ts';

const root = join(import.meta.dirname, '../..');
const packages = await readPackages();
const generated = await fedoraFiles();
const containerfile = generated['fedora/Containerfile'] ?? '';
const kickstart = generated['fedora/phyllome.ks'] ?? '';

test.each(Object.keys(generated))('%s is as it is generated (npm run gen)', async (name) => {
  expect(await readFile(join(root, 'os', name), 'utf8')).toBe(generated[name]);
});

// Instructions with their continued lines, without comments and empty lines.
function instructions(text: string): string[] {
  return text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '');
}

test('the Containerfile says only what builders know, and copies what is there', () => {
  const lines = instructions(containerfile);
  const known = /^(ARG [A-Z]+|FROM \S+ AS [a-z]+|RUN .+|COPY (--from=[a-z]+ )?\S.* \S+|WORKDIR \/\S+)$/;
  expect(lines.filter((line) => !known.test(line))).toEqual([]);
  const stages = new Set(['${BASE}']);
  for (const line of lines) {
    const [, base, name = ''] = /^FROM (\S+) AS (\S+)$/.exec(line) ?? [];
    if (base !== undefined) {
      expect(stages).toContain(base);
      stages.add(name);
    }
    const [, from, sources = ''] = /^COPY (?:--from=(\S+) )?(.+) \S+$/.exec(line) ?? [];
    if (from !== undefined) expect(stages).toContain(from);
    else
      for (const source of sources.split(' ').filter((path) => path !== ''))
        expect([source, existsSync(join(root, source))]).toEqual([source, true]);
  }
  expect([...stages]).toEqual(['${BASE}', 'manager', ...editions]);
  // Each stage that somebody boots is checked by bootc itself.
  expect(lines.filter((line) => line.endsWith('bootc container lint'))).toHaveLength(editions.length);
});

test('nothing that only images need stays in the container, and nothing of Fedora is switched off', () => {
  for (const name of onlyOfImages) expect(containerfile).toContain(` /usr/lib/${name}`);
  const presets = 'mkosi.extra/usr/lib/systemd/system-preset';
  expect(existsSync(join(root, 'os', presets, '98-phyllome.preset'))).toBe(true);
});

test('packages of the container are sorted, and none belongs to the other way of booting', () => {
  for (const edition of editions) {
    const names = containerPackages(packages, edition);
    expect(names).toEqual([...new Set(names)].toSorted());
    expect(names).not.toContain('systemd-boot-unsigned');
    expect(names).toEqual(expect.arrayContaining(['qemu-system-x86-core', 'passt', 'swtpm', 'nftables']));
  }
});

test('the kickstart erases nothing that was not confirmed, and runs no script', () => {
  const known: Record<string, RegExp> = {
    graphical: /^$/,
    ostreecontainer: /^--url=\/run\/install\/repo\/\S+ --transport=oci --no-signature-verification$/,
    network: /^--bootproto=dhcp --activate --onboot=on$/,
    selinux: /^--enforcing$/,
    rootpw: /^--lock$/,
    bootloader: /^--append="[\w=. -]+"$/,
    firstboot: /^--disable$/,
    reboot: /^--eject$/,
  };
  const commands = instructions(kickstart).map((line) => line.split(/ (.*)/) as [string, string?]);
  for (const [name, options = ''] of commands) expect(options).toMatch(known[name] ?? /^no such command$/);
  // Once each, and none that partitions: Anaconda asks for disks that it is not told.
  expect(commands.map(([name]) => name)).toEqual(Object.keys(known));
});

test('what Silverblue gets layered are the packages that the launcher asks for', async () => {
  const launcher = await readFile(join(root, 'phyllome'), 'utf8');
  const layered = layeredPackages(packages);
  expect(layered).toEqual(expect.arrayContaining(['passt', 'qemu-img', 'swtpm', 'virtiofsd', 'xorriso']));
  const docs = await readFile(join(root, 'docs/os.md'), 'utf8');
  expect(docs).toContain(`rpm-ostree install ${layered.join(' ')}`);
  expect(launcher).toContain('rpm-ostree install');
});
