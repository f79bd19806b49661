// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { editions } from '../../src/contract/os.ts';
import { distributions, namesOf, packagesFor, parsePackages, readPackages } from './packages.ts';

const packages = await readPackages();
const launcher = await readFile(join(import.meta.dirname, '../../phyllome'), 'utf8');

test.each(distributions)('no package of %s is named twice for an edition', (distribution) => {
  for (const edition of editions) {
    const names = [...packages.values()]
      .filter((capability) => capability.editions?.includes(edition) !== false)
      .flatMap((capability) => namesOf(capability, distribution));
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
    expect(names.length).toBeGreaterThan(70);
  }
});

// Lines of one list of the launcher: places, Debian's name, Fedora's name.
function needs(list: string): { debian: string; fedora: string }[] {
  const body = new RegExp(`^${list}='\\n([^']+)'`, 'm').exec(launcher)?.[1] ?? '';
  return body
    .trim()
    .split('\n')
    .map((line) => {
      const [, debian = '', fedora = ''] = line.trim().split(/\s+/);
      return { debian, fedora };
    });
}

test.each(['needs_node', 'needs_run', 'needs_x86_64', 'needs_setup'])(
  'what the launcher installs as %s is in every image',
  (list) => {
    const wanted = needs(list);
    expect(wanted[0]?.fedora).toMatch(/./);
    for (const edition of editions) {
      const debian = packagesFor(packages, 'debian', edition, { hardware: false });
      expect(debian).toEqual(expect.arrayContaining(wanted.map((need) => need.debian)));
      // QEMU without the window that nobody sees in an image.
      const fedora = packagesFor(packages, 'fedora', edition, { hardware: false }).map((name) =>
        name === 'qemu-system-x86-core' ? 'qemu-system-x86' : name,
      );
      expect(fedora).toEqual(expect.arrayContaining(wanted.map((need) => need.fedora)));
    }
  },
);

test('an edition has its own, and firmware comes only for real hardware', () => {
  const headless = packagesFor(packages, 'debian', 'headless', { hardware: false });
  expect(headless).toContain('qemu-system-x86');
  expect(headless.filter((name) => /cage|cog|gnome|gdm|mesa|polkit|^firmware-/.test(name))).toEqual([]);
  expect(packagesFor(packages, 'debian', 'kiosk', { hardware: false })).toContain('cage');
  expect(packagesFor(packages, 'debian', 'desktop', { hardware: false })).toContain('gnome-shell');
  const real = packagesFor(packages, 'debian', 'headless', { hardware: true });
  expect(real).toEqual(expect.arrayContaining([...headless, 'intel-microcode', 'firmware-iwlwifi']));
});

test('the packages of the initrd have one name in both distributions, and are in the image as well', async () => {
  const conf = await readFile(join(import.meta.dirname, '../mkosi.images/initrd/mkosi.conf'), 'utf8');
  const names = /^Packages=\n((?: +\S+\n)+)/m.exec(conf)?.[1]?.trim().split(/\s+/) ?? [];
  expect(names).toContain('f2fs-tools');
  for (const distribution of distributions) {
    const image = packagesFor(packages, distribution, 'headless', { hardware: false }).join(' ');
    for (const name of names) expect(image).toContain(name);
  }
});

test.each([
  ['x: { debian: [a], fedora: [b] }', 'x: for: found nothing'],
  ['x: { for: abc, debian: [a] }', 'x: fedora: found nothing'],
  ['x: { for: abc, debian: [a], fedora: [] }', 'x: an empty list says nothing'],
  ['x: { for: abc, debian: [a], fedora: [b], editions: [tablet] }', 'found "tablet"'],
  ['x: { for: abc, debian: ["a b"], fedora: [b] }', 'x: debian[0]: found "a b"'],
  ['x: { for: abc, debian: [a], fedora: [b], size: 1 }', 'x: size: found an unknown key'],
  ['x: { for: abc, debian: { none: no }, fedora: [b] }', 'x: debian'],
  ['- a', 'not a list of capabilities'],
])('refuses %j', (text, complaint) => {
  expect(() => parsePackages(text)).toThrow(complaint);
});

test('refuses a capability that is there twice', () => {
  const line = 'x: { for: abc, debian: [a], fedora: [b] }\n';
  expect(() => parsePackages(line + line)).toThrow(/unique/);
});
