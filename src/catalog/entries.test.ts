// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readKeys } from 'openpgp';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { completeValue, problemText } from '../contract/validate.ts';
import { EntryFile, type Download, type Medium } from './entry-file.ts';
import { findRelease, ofRelease } from './find-release.ts';
import { publishedNames } from './published-names.ts';

// Each test lists what is wrong, so that its failure names the entry.
const entriesFolder = join(import.meta.dirname, 'entries');
const keysFolder = join(import.meta.dirname, 'keys');
const read = readdirSync(entriesFolder).map((name) => {
  const file = parse(readFileSync(join(entriesFolder, name), 'utf8')) as unknown;
  return { name, ...completeValue(EntryFile, file) };
});
const files = read.map(({ name, value }) => ({ ...(value as EntryFile), name }));
const systems = files.flatMap((file) => file.systems.map((system) => ({ file, system })));
const media = systems.flatMap(({ file, system }) =>
  system.media.map((medium) => ({ file, system, medium, path: `${system.id}/${medium.id}` })),
);
const downloads = media.flatMap(({ medium: { download }, ...rest }) =>
  download === undefined ? [] : [{ ...rest, download }],
);
const signatures = ({ signature, checksums }: Download) =>
  [signature, checksums?.signature].filter((one) => one !== undefined);
const pathsOf = (wrong: { path: string }[]) => wrong.map(({ path }) => path);
const twice = (names: string[]) => names.filter((name, index) => names.indexOf(name) !== index);

test('each file says what the schema asks for, and is called after its family', () => {
  const problems = read.flatMap((file) => file.problems.map((one) => `${file.name}: ${problemText(one)}`));
  expect(problems).toEqual([]);
  expect(files.map(({ name }) => name)).toEqual(files.map(({ family }) => `${family.id}.yaml`));
});

test('ids and aliases are unique, and those of media in their system', () => {
  expect(twice(['tiny', ...systems.flatMap(({ system: { id, aliases } }) => [id, ...aliases])])).toEqual([]);
  expect(twice(media.map(({ path }) => path))).toEqual([]);
  expect(systems.filter(({ system }) => system.media.length === 0)).toEqual([]);
});

test('what the catalogue promises is there', () => {
  expect(systems.filter(({ file }) => file.family.id !== 'virtio-win').length).toBeGreaterThanOrEqual(60);
  const families = new Set(files.map(({ family }) => family.id));
  expect(promised.filter((family) => !families.has(family))).toEqual([]);
});

test('a medium comes from one place, and what is said of it fits its kind', () => {
  const wrong = media.filter(({ medium }) => {
    const { kind, download, packages, bring, unattended, user, kernel } = medium;
    const places = [download, packages, bring].filter((one) => one !== undefined).length;
    return (
      places !== 1 ||
      (kind === 'network-install') !== (packages !== undefined) ||
      (unattended !== undefined && !answersOf(kind).includes(unattended)) ||
      (user !== undefined && kind !== 'cloud-image') ||
      (kernel !== undefined && unattended === undefined)
    );
  });
  expect(pathsOf(wrong)).toEqual([]);
});

test('what it needs fits together', () => {
  const wrong = systems.filter(({ file, system }) => {
    const { minimum, recommended, firmware, secureBoot, released, ends } = system;
    return (
      (['vcpus', 'memory', 'disk'] as const).some((key) => minimum[key] > recommended[key]) ||
      (minimum.memory < 2 ** 20 && file.family.id !== 'virtio-win') ||
      (firmware === 'bios' && secureBoot !== 'unsupported') ||
      (released !== undefined && ends !== undefined && released >= ends)
    );
  });
  expect(wrong.map(({ system }) => system.id)).toEqual([]);
});

test('white letters are readable on every colour', () => {
  expect(files.filter(({ family }) => contrastWithWhite(family.colour) < 3).map(({ name }) => name)).toEqual(
    [],
  );
});

test('each pattern matches the whole name of what was published, and nothing beside it', () => {
  expect(Object.keys(publishedNames).toSorted()).toEqual(pathsOf(downloads).toSorted());
  const wrong = downloads.filter(({ path, download }) => {
    const [name, found] = published(path);
    const pattern = new RegExp(`^(?:${(found === null ? download : ofRelease(download, found)).file})$`, 'u');
    const beside = ['.sha256', '.sig', '.asc', '.torrent', '.zsync'].map((end) => name + end);
    return !pattern.test(name) || beside.some((other) => pattern.test(other));
  });
  expect(pathsOf(wrong)).toEqual([]);
});

test('where a page is asked for the newest release, nothing is left open; elsewhere nothing is', () => {
  const open = /\{(found|major)\}/;
  const wrong = downloads.filter(({ path, download }) => {
    const [, found] = published(path);
    if (download.find === undefined) return found !== null || open.test(JSON.stringify(download));
    const { pattern } = download.find;
    return (
      found === null ||
      new RegExp(`${pattern}|`, 'u').exec('')?.length !== 2 ||
      findRelease('<html>Not found</html>', pattern) !== null ||
      !open.test(download.folder + download.file) ||
      open.test(JSON.stringify(ofRelease(download, found)))
    );
  });
  expect(pathsOf(wrong)).toEqual([]);
});

test('addresses are those of projects: folders end in a slash, no registry and no mirror of Debian is named', () => {
  const wrong = downloads.filter(({ download }) => {
    const all = addresses(download);
    // Without a signature or a known hash, nobody on the way may change list and file.
    const vouched = download.sha256 !== undefined || signatures(download).length > 0;
    return (
      [download.folder, ...download.mirrors].some((folder) => !folder.endsWith('/')) ||
      all.some(handsOutPackages) ||
      (!vouched && !all.every((address) => address.startsWith('https:')))
    );
  });
  expect(pathsOf(wrong)).toEqual([]);
});

test('nothing is downloaded that nobody vouches for', () => {
  const wrong = downloads.filter(({ download: { sha256, checksums, signature } }) => {
    return sha256 === undefined && checksums === undefined && signature === undefined;
  });
  expect(pathsOf(wrong)).toEqual([]);
});

test('signatures name keys of their file, and every key of it is named', () => {
  const wrong = files.filter(({ keys, name }) => {
    const named = downloads
      .filter(({ file }) => file.name === name)
      .flatMap(({ download }) => signatures(download).map(({ key, kind }) => `${key} ${kind}`));
    const known = keys.map((key) => `${key.name} ${key.kind}`).toSorted();
    return JSON.stringify([...new Set(named)].toSorted()) !== JSON.stringify(known);
  });
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

test('the keys are there, are public, are those that the entries mean, and are explained', async () => {
  const keys = files.flatMap((file) => file.keys);
  const readme = readFileSync(join(keysFolder, 'README.md'), 'utf8');
  for (const key of keys) {
    const text = readFileSync(join(keysFolder, key.file), 'utf8');
    expect(readme).toContain(key.file);
    if (key.kind === 'openpgp') {
      const all = await readKeys({ armoredKeys: text });
      expect(all.map((one) => one.getFingerprint().toUpperCase())).toContain(key.fingerprint);
      expect(all.some((one) => one.isPrivate())).toBe(false);
      // Some old keys are bound by hashes that the library no longer takes; such a key would refuse everything.
      for (const one of all) await one.getSigningKey(undefined, whenTaken);
    } else expect(text).toMatch(/^untrusted comment: .*public key\nRW[A-Za-z0-9+/]{54}\n$/);
  }
  const there = readdirSync(keysFolder).filter((name) => name !== 'README.md');
  expect(there.toSorted()).toEqual([...new Set(keys.map(({ file }) => file))].toSorted());
});

/** When the keys were taken from their packages: those that end later are not for this test to find. */
const whenTaken = new Date('2026-11-25');

const promised = [
  'debian ubuntu fedora opensuse arch alpine nixos rocky almalinux centos linuxmint kali elementary popos void gentoo',
  'guix slackware qubes home-assistant truenas opnsense pfsense freebsd openbsd netbsd dragonflybsd ghostbsd haiku',
  'reactos freedos redox plan9 illumos android-x86 chromeos windows macos virtio-win',
].flatMap((line) => line.split(' '));

// Parts of the names of hosts that hand out packages; of Debian and Ubuntu, only the hosts of images are right.
const registries = new Set(['npmjs', 'pypi', 'pythonhosted', 'crates', 'golang', 'rubygems', 'maven']);
const imageHosts = ['cdimage.debian.org', 'cloud.debian.org'].concat(
  ['releases', 'cdimage', 'cloud-images'].map((name) => `${name}.ubuntu.com`),
);

function handsOutPackages(address: string): boolean {
  const { host } = new URL(address);
  if (/\.(debian\.org|ubuntu\.com)$/.test(host)) return !imageHosts.includes(host);
  return host.split('.').some((part) => registries.has(part));
}

function published(path: string): [name: string, found: string | null] {
  const known = publishedNames[path] ?? '';
  return typeof known === 'string' ? [known, null] : [...known];
}

function addresses({ folder, mirrors, find, checksums }: Download): string[] {
  const list = checksums?.url.startsWith('http') === true ? [checksums.url] : [];
  return [folder, ...mirrors, ...(find === undefined ? [] : [find.page]), ...list];
}

function answersOf(kind: Medium['kind']): string[] {
  if (kind === 'cloud-image') return ['cloud-init', 'ignition'];
  return ['preseed', 'autoinstall', 'kickstart', 'autoyast', 'agama', 'autounattend', 'ignition'];
}

/** Contrast as WCAG 2 computes it. */
function contrastWithWhite(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}
