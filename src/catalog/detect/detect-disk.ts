// SPDX-License-Identifier: Apache-2.0
//
// From what a disk shows to what is installed on it.
import type { DiskFacts } from '../../disk/installed/read-installed.ts';
import { processorOfLoaders } from './architecture.ts';
import type { Detected } from './detect.ts';
import { systemOfRelease } from './os-release.ts';

interface Guess {
  id: string;
  name: string;
  osinfo?: string;
  reason: string;
}

/** Names of partitions that one system gives them, and no other. */
const layouts: readonly [partition: string, id: string, name: string][] = [
  ['hassos-boot', 'haos', 'Home Assistant OS'],
  ['USR-A', 'flatcar', 'Flatcar'],
  ['KERN-A', 'chromeos-flex', 'ChromeOS'],
  ['BATOCERA', 'batocera', 'Batocera'],
];

/** Types of partitions: GUIDs of a GPT, two digits of an MBR (lists of the systems themselves). */
const types: readonly [type: string, id: string, name: string][] = [
  ['516e7cb4-6ecf-11d6-8ff8-00022d09712b', 'freebsd', 'FreeBSD'],
  ['516e7cb6-6ecf-11d6-8ff8-00022d09712b', 'freebsd', 'FreeBSD'],
  ['516e7cba-6ecf-11d6-8ff8-00022d09712b', 'freebsd', 'FreeBSD'],
  ['824cc7a0-36a8-11e3-890a-952519ad3f61', 'openbsd', 'OpenBSD'],
  ['49f48d5a-b10e-11dc-b99b-0019d1879648', 'netbsd', 'NetBSD'],
  ['9d58fdbd-1ca5-11dc-8817-01301bb8a9f5', 'dragonflybsd', 'DragonFly BSD'],
  ['42465331-3ba3-10f1-802a-4861696b7521', 'haiku', 'Haiku'],
  ['7c3457ef-0000-11aa-aa11-00306543ecac', 'macos', 'macOS'],
  ['48465300-0000-11aa-aa11-00306543ecac', 'macos', 'macOS'],
  ['6a898cc3-1dd2-11b2-99a6-080020736631', 'illumos', 'illumos or Solaris'],
  ['a5', 'freebsd', 'FreeBSD'],
  ['a6', 'openbsd', 'OpenBSD'],
  ['a9', 'netbsd', 'NetBSD'],
  ['eb', 'haiku', 'Haiku'],
];

/** Folders in \EFI that loaders of a system are in. */
const loaders: readonly [folder: string, id: string, name: string][] = [
  ['microsoft', 'win', 'Windows'],
  ['kali', 'kali', 'Kali Linux'],
  ['ubuntu', 'ubuntu', 'Ubuntu or a system made from it'],
  ['debian', 'debian', 'Debian or a system made from it'],
  ['fedora', 'fedora', 'Fedora'],
  ['redhat', 'rhel', 'Red Hat Enterprise Linux'],
  ['almalinux', 'almalinux', 'AlmaLinux'],
  ['rocky', 'rocky', 'Rocky Linux'],
  ['centos', 'centos', 'CentOS'],
  ['opensuse', 'opensuse', 'openSUSE'],
  ['sles', 'sles', 'SUSE Linux Enterprise Server'],
  ['freebsd', 'freebsd', 'FreeBSD'],
  ['openbsd', 'openbsd', 'OpenBSD'],
  ['haiku', 'haiku', 'Haiku'],
];

export function detectDisk(facts: DiskFacts): Detected {
  const released = facts.osRelease === null ? null : systemOfRelease(facts.osRelease);
  const architecture = processorOfLoaders(facts.programs)?.machine ?? null;
  const base = { family: null, architecture, kind: 'disk', answers: null } as const;
  if (released !== null)
    return {
      ...base,
      ...released,
      confidence: 'certain',
      reasons: [`Its os-release says "${released.name}".`],
    };
  const guess = guessOf(facts);
  if (guess !== null)
    return {
      ...base,
      id: guess.id,
      name: guess.name,
      osinfo: null,
      confidence: 'likely',
      reasons: [guess.reason, 'It does not say which version.'],
    };
  return {
    ...base,
    id: 'generic',
    name: 'Unknown',
    osinfo: null,
    confidence: 'none',
    reasons: [
      facts.table === 'none'
        ? 'It has no partitions.'
        : `It has ${facts.types.length} partition(s) of no known system.`,
    ],
  };
}

function guessOf({ names, types: found, loaders: folders, fileSystems }: DiskFacts): Guess | null {
  const layout = layouts.find(([partition]) => names.includes(partition));
  if (layout !== undefined)
    return { id: layout[1], name: layout[2], reason: `It has a partition "${layout[0]}".` };
  const lower = folders.map((folder) => folder.toLowerCase());
  const loader = loaders.find(([folder]) => lower.includes(folder));
  if (loader !== undefined)
    return {
      id: loader[1],
      name: loader[2],
      reason: `Its EFI partition has boot loaders of "${loader[0]}".`,
    };
  const type = types.find(([wanted]) => found.includes(wanted));
  if (type !== undefined) return { id: type[1], name: type[2], reason: `It has a partition of ${type[2]}.` };
  if (fileSystems.includes('ntfs'))
    return {
      id: 'win',
      name: 'Windows',
      reason: 'It has a partition with NTFS, as Windows installs itself on.',
    };
  return null;
}
