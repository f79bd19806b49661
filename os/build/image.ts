// SPDX-License-Identifier: Apache-2.0
//
// The arguments that mkosi gets: os/mkosi.conf is the rest.
import { packagesFor, releases, type Packages } from './packages.ts';
import type { BuildOptions } from './options.ts';
import type { Keys } from './keys.ts';

/** Where mkosi, in the tree of tools, sees the folders of this PC. */
export const places = {
  definition: '/phyllome/os',
  work: '/phyllome/work',
  keys: '/phyllome/keys',
} as const;

export interface ImageFacts {
  options: Pick<BuildOptions, 'edition' | 'distribution' | 'hardware'>;
  version: string;
  packages: Packages;
  /** Seconds since 1970: no file of the image is younger */
  sourceDate: number;
  keys: Pick<Keys, 'secureBootKey' | 'secureBootCertificate'>;
}

/** What the files of one image begin with. */
export const imageName = ({ options: { edition, distribution }, version }: ImageFacts): string =>
  `phyllome-${edition}-${distribution}-x86-64_${version}`;

/** @param verb what mkosi is to do: build, or show a summary */
export function mkosiArguments(facts: ImageFacts, verb: 'build' | 'summary'): string[] {
  const { options, version, packages, sourceDate, keys } = facts;
  const { edition, distribution } = options;
  // One cache an edition: packages of one must not be left in another.
  const cache = `${places.work}/cache/${edition}${options.hardware ? '' : '-emulated'}`;
  return [
    'mkosi',
    '--directory',
    places.definition,
    `--distribution=${distribution}`,
    `--release=${releases[distribution]}`,
    ...(edition === 'headless' ? [] : [`--profile=${edition}`]),
    `--image-version=${version}`,
    `--output=${imageName(facts)}`,
    `--output-directory=${places.work}/output`,
    `--sandbox-tree=${places.work}/sandbox`,
    `--extra-search-path=${places.work}/bin`,
    `--cache-directory=${cache}`,
    `--package-cache-directory=${places.work}/packages`,
    `--workspace-directory=${places.work}/workspace`,
    `--source-date-epoch=${sourceDate}`,
    `--environment=PHYLLOME_EDITION=${edition}`,
    `--environment=PHYLLOME_VERSION=${version}`,
    `--extra-tree=${places.work}/manager:/usr/lib/phyllome`,
    `--extra-tree=${places.work}/made:/`,
    '--secure-boot=yes',
    '--secure-boot-auto-enroll=yes',
    '--secure-boot-sign-tool=sbsign',
    `--secure-boot-key=${places.keys}/${keys.secureBootKey}`,
    `--secure-boot-certificate=${places.keys}/${keys.secureBootCertificate}`,
    ...packagesFor(packages, distribution, edition, options).map((name) => `--package=${name}`),
    ...(verb === 'build' ? ['--force', 'build'] : ['summary']),
  ];
}

/** apt's source of packages, in the form and under the name that mkosi looks for. */
export function aptSources(mirror: string): string {
  return `Types: deb
URIs: ${mirror}
Suites: ${releases.debian}
Components: main non-free-firmware
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`;
}

/**
 * What ukify puts into a profile (mkosi.uki-profiles/) and nobody else says: a name that comes after that of the system itself.
 * systemd-boot sorts by it first, so that a version begins with itself; by file names alone it prefers the profiles of a
 * version whose tries it counts (boot_entry_compare in src/boot/boot.c of systemd 257).
 */
export function ukifyConfig({ version }: Pick<ImageFacts, 'version'>): string {
  return `[UKI]
OSRelease=
    IMAGE_ID=phyllome-without-disk
    IMAGE_VERSION=${version}
    PRETTY_NAME="Phyllome OS ${version}"
`;
}

/**
 * A program in the place of sbsign, which writes the time of signing into each signature (the boot loader in /usr has one, so
 * the hash of /usr would be another each time): it sees the date of the sources instead.
 */
export function datedSigner({ sourceDate }: Pick<ImageFacts, 'sourceDate'>): string {
  return `#!/bin/sh
export LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1 FAKETIME_FMT=%s FAKETIME=${sourceDate}
exec /usr/bin/sbsign "$@"
`;
}
