// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { aptSources, datedSigner, imageName, mkosiArguments, ukifyConfig, type ImageFacts } from './image.ts';
import { readPackages } from './packages.ts';

const facts: ImageFacts = {
  options: { edition: 'kiosk', distribution: 'debian', hardware: false },
  version: '2',
  packages: await readPackages(),
  sourceDate: 1_795_000_000,
  keys: { secureBootKey: 'secure-boot.key', secureBootCertificate: 'secure-boot.crt' },
};

test('an image is named by all that tells it from others', () => {
  expect(imageName(facts)).toBe('phyllome-kiosk-debian-x86-64_2');
});

test('mkosi hears of edition, version, packages, keys and the date of the sources', () => {
  const words = mkosiArguments(facts, 'build');
  expect(words).toEqual(
    expect.arrayContaining([
      '--profile=kiosk',
      '--image-version=2',
      '--package=qemu-system-x86',
      '--package=cage',
      '--source-date-epoch=1795000000',
      '--secure-boot-key=/phyllome/keys/secure-boot.key',
    ]),
  );
  expect(words.at(-1)).toBe('build');
  // Another edition's base must not be taken for this one's.
  const cacheOf = (other: Partial<ImageFacts['options']>) =>
    mkosiArguments({ ...facts, options: { ...facts.options, ...other } }, 'build').find((word) =>
      word.startsWith('--cache-directory='),
    );
  expect(new Set([cacheOf({}), cacheOf({ hardware: true }), cacheOf({ edition: 'headless' })]).size).toBe(3);
});

test('packages come from the mirror, checked by the archive keys', () => {
  expect(aptSources('http://mirror.example/debian')).toMatch(
    /URIs: http:\/\/mirror\.example\/debian\nSuites: trixie\n/,
  );
});

test('profiles are named so that the boot menu has them after the system itself, each with its version', () => {
  const [, name = ''] = /^ +IMAGE_ID=(.*)$/m.exec(ukifyConfig({ version: '2' })) ?? [];
  // The system's own comes from ImageId= in mkosi.conf.
  expect(['phyllome', name].toSorted()).toEqual(['phyllome', name]);
  expect(name).not.toBe('phyllome');
  expect(ukifyConfig({ version: '2' })).toMatch(/^ +IMAGE_VERSION=2$/m);
});

test('a signature has the date of the sources, wherever and whenever it is made', () => {
  expect(mkosiArguments(facts, 'build')).toContain('--extra-search-path=/phyllome/work/bin');
  const words = datedSigner(facts).split(/\s/);
  expect(words).toEqual(
    expect.arrayContaining(['FAKETIME_FMT=%s', 'FAKETIME=1795000000', '/usr/bin/sbsign', '"$@"']),
  );
});
