// SPDX-License-Identifier: Apache-2.0
//
// What is known of the guest that a file was recognised as: by our own entry, by osinfo-db, or by its family.
import type { Identified } from '../../contract/catalog.ts';
import type { Osinfo } from '../../catalog/osinfo/osinfo.ts';
import {
  factsOfOsinfo,
  factsOfSystem,
  unknownGuest,
  type GuestFacts,
} from '../../catalog/profile/guest-facts.ts';
import type { CatalogSystem } from '../../catalog/read-entries.ts';

export interface GuestSources {
  /** The systems of our data files */
  ours(): Promise<readonly CatalogSystem[]>;
  osinfo: Pick<Osinfo, 'facts'>;
}

/** The id stays what the file was recognised as, also where only a near system is known. */
export async function guestOf(
  { guestOs, osinfo: address, entry, name }: Pick<Identified, 'guestOs' | 'osinfo' | 'entry' | 'name'>,
  { ours, osinfo }: GuestSources,
): Promise<GuestFacts> {
  if (guestOs === 'generic') return unknownGuest();
  const named = { id: guestOs, name };
  const system =
    entry === null ? undefined : (await ours()).find((found) => found.system.id === entry)?.system;
  if (system !== undefined) return { ...factsOfSystem(system), ...named };
  const known = (await osinfo.facts(guestOs)) ?? (address === null ? null : await osinfo.facts(address));
  if (known !== null) return { ...factsOfOsinfo(known), ...named };
  return { ...unknownGuest(guestOs), ...oldWindows(guestOs), kernel: kernelOf(guestOs), name };
}

const kernels: readonly [RegExp, GuestFacts['kernel']][] = [
  [/^win/, 'windows'],
  [
    /^(freebsd|ghostbsd|midnightbsd|nomadbsd|hardenedbsd|hellosystem|trueos|opnsense|pfsense|xigmanas)/,
    'freebsd',
  ],
  [/^openbsd/, 'openbsd'],
  [/^netbsd/, 'netbsd'],
  [/^dragonfly/, 'dragonfly'],
  [/^macos/, 'macos'],
  [/^(openindiana|omnios|smartos|tribblix|solaris)/, 'illumos'],
  [
    /^(haiku|reactos|freedos|msdos|plan9|9front|redox|minix|kolibrios|templeos|arcaos|esxi|netware|memtest|netboot)/,
    'other',
  ],
];

function kernelOf(id: string): GuestFacts['kernel'] {
  return kernels.find(([pattern]) => pattern.test(id))?.[1] ?? 'linux';
}

// Days of release of what no entry of ours stands for.
const windowsReleases: Readonly<Record<string, string>> = {
  'winnt4.0': '1996-08-24',
  win95: '1995-08-24',
  win98: '1998-06-25',
  winme: '2000-09-14',
  win2k: '2000-02-17',
  winxp: '2001-10-25',
  win2k3: '2003-04-24',
  win2k3r2: '2005-12-06',
  winvista: '2007-01-30',
  win2k8: '2008-02-27',
  win7: '2009-10-22',
  win2k8r2: '2009-10-22',
  win2k12: '2012-09-04',
  win8: '2012-10-26',
  'win8.1': '2013-10-17',
  win2k12r2: '2013-10-18',
  win2k16: '2016-10-12',
};
const withoutUefi = '2012-08-01';
const withoutUsb = '2006-01-01';

/** No Windows has virtio drivers of its own, and the older ones lack more. */
function oldWindows(id: string): Partial<GuestFacts> {
  if (!id.startsWith('win')) return {};
  const released = windowsReleases[id] ?? null;
  const old = released !== null && released < withoutUefi;
  const isModern = released === null || released >= '2015-07-01';
  return {
    released,
    firmware: old ? 'bios' : 'both',
    secureBoot: isModern ? 'supported' : 'unsupported',
    tpm: isModern ? 'supported' : 'unsupported',
    lacks: [
      'virtio-disk',
      'virtio-net',
      'virtio-gpu',
      'virtio-input',
      'agent',
      ...(released !== null && released < withoutUsb ? (['usb', 'hda'] as const) : []),
    ],
  };
}
