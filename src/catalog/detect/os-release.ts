// SPDX-License-Identifier: Apache-2.0
//
// From os-release(5) of an installed system to the id that its media have, too.

export interface ReleasedSystem {
  id: string;
  name: string;
  osinfo: string | null;
}

/** {version}: VERSION_ID; {major}: its first part; {minor}: its first two parts. */
const known: Readonly<Record<string, readonly [id: string, osinfo: string | null]>> = {
  debian: ['debian{version}', 'debian.org/debian/{version}'],
  ubuntu: ['ubuntu{version}', 'ubuntu.com/ubuntu/{version}'],
  fedora: ['fedora{version}', 'fedoraproject.org/fedora/{version}'],
  rhel: ['rhel{version}', 'redhat.com/rhel/{version}'],
  centos: ['centos-stream{major}', 'centos.org/centos-stream/{major}'],
  almalinux: ['almalinux{major}', 'almalinux.org/almalinux/{major}'],
  rocky: ['rocky{major}', 'rockylinux.org/rocky/{major}'],
  ol: ['ol{version}', 'oracle.com/ol/{version}'],
  'opensuse-leap': ['opensuse{version}', 'opensuse.org/opensuse/{version}'],
  'opensuse-tumbleweed': ['opensusetumbleweed', 'opensuse.org/opensuse/tumbleweed'],
  'opensuse-microos': ['opensusemicroos', 'opensuse.org/opensuse/microos'],
  sles: ['sles{version}', 'suse.com/sles/{version}'],
  arch: ['archlinux', 'archlinux.org/archlinux/rolling'],
  alpine: ['alpinelinux{minor}', 'alpinelinux.org/alpinelinux/{minor}'],
  nixos: ['nixos-{minor}', 'nixos.org/nixos/{minor}'],
  void: ['voidlinux', 'voidlinux.org/voidlinux/rolling'],
  gentoo: ['gentoo', 'gentoo.org/gentoo/rolling'],
  manjaro: ['manjaro', 'manjaro.org/manjaro/rolling'],
  pop: ['popos{version}', 'system76.com/popos/{version}'],
  elementary: ['elementary{major}', null],
  zorin: ['zorin{major}', null],
  kali: ['kali{version}', null],
  freebsd: ['freebsd{version}', 'freebsd.org/freebsd/{version}'],
  slackware: ['slackware{version}', 'slackware.com/slackware/{version}'],
  mageia: ['mageia{version}', 'mageia.org/mageia/{version}'],
  haos: ['haos', null],
  flatcar: ['flatcar', null],
};

/** @returns null when it does not say who it is */
export function systemOfRelease(text: string): ReleasedSystem | null {
  const value = (key: string): string =>
    new RegExp(`^${key}=["']?([^"'\\n]{0,100})`, 'm').exec(text)?.[1]?.trim() ?? '';
  const id = value('ID').toLowerCase();
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(id)) return null;
  const name = value('PRETTY_NAME') || `${value('NAME')} ${value('VERSION_ID')}`.trim() || id;
  // Debian's testing has no version.
  const version = value('VERSION_ID') || (id === 'debian' ? 'testing' : '');
  const desktop = /^(silverblue|kinoite|coreos|iot)$/.exec(value('VARIANT_ID'))?.[1];
  const [template, address] = known[id] ?? ['{id}{version}', null];
  const variant = id === 'fedora' && desktop !== undefined ? variants[desktop] : undefined;
  const parts = version.split('.');
  const fill = (shape: string): string =>
    shape
      .replace('{id}', id)
      .replace('{version}', version)
      .replace('{major}', parts[0] ?? '')
      .replace('{minor}', parts.slice(0, 2).join('.'));
  return {
    id: fill(variant ?? template)
      .toLowerCase()
      .replaceAll(/[^a-z0-9._-]/g, '-')
      .slice(0, 64),
    name,
    osinfo: address === null || variant !== undefined ? null : `http://${fill(address)}`,
  };
}

const variants: Readonly<Record<string, string>> = {
  silverblue: 'silverblue{version}',
  kinoite: 'kinoite{version}',
  coreos: 'fedora-coreos',
  iot: 'fedora-iot{version}',
};
