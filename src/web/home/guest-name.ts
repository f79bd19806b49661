// SPDX-License-Identifier: Apache-2.0

// Beginnings of the short ids of operating systems, as osinfo-db has them, and what people call these systems.
const families: readonly (readonly [prefix: string, name: string])[] = [
  ['alma', 'AlmaLinux'],
  ['alpinelinux', 'Alpine Linux'],
  ['archlinux', 'Arch Linux'],
  ['centos-stream', 'CentOS Stream'],
  ['centos', 'CentOS'],
  ['debian', 'Debian'],
  ['fedora', 'Fedora'],
  ['freebsd', 'FreeBSD'],
  ['gentoo', 'Gentoo'],
  ['linux', 'Linux'],
  ['netbsd', 'NetBSD'],
  ['nixos', 'NixOS'],
  ['openbsd', 'OpenBSD'],
  ['opensuse', 'openSUSE'],
  ['rhel', 'Red Hat Enterprise Linux'],
  ['rocky', 'Rocky Linux'],
  ['tiny', 'Tiny Linux'],
  ['ubuntu', 'Ubuntu'],
  ['win2k', 'Windows Server 20'],
  ['win', 'Windows'],
];

/**
 * What people call the system of an id: debian13 -> Debian 13. An id nobody knows is shown as it is.
 * @returns null when the machine does not say, or says "generic"
 */
export function guestName(id: string | null): string | null {
  if (id === null || id === 'generic') return null;
  for (const [prefix, name] of families) {
    if (!id.startsWith(prefix)) continue;
    const version = id.slice(prefix.length);
    if (version === '') return name;
    // "winter" is no version of Windows.
    if (!/^[-.]?\d[\w.-]*$/.test(version)) continue;
    const number = version.replace(/^[-.]/, '');
    return prefix === 'win2k' ? name + number.padStart(2, '0') : `${name} ${number}`;
  }
  return id;
}
