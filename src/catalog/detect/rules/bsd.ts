// SPDX-License-Identifier: Apache-2.0
//
// The BSDs, and what is made from FreeBSD.
import type { Rule } from '../rule.ts';

// A table: a line a rule.
// oxfmt-ignore
export const bsdRules: readonly Rule[] = [
  { family: 'opnsense', when: { volume: /^OPNsense[ _-]*(?<major>\d\d)?(?:[._](?<minor>\d))?/i }, id: 'opnsense{major}{.minor}', name: 'OPNsense{ major}{.minor}', kind: 'installer', pcOnly: true },
  { family: 'pfsense', when: { volume: /^pfSense/i }, id: 'pfsense', name: 'pfSense', kind: 'installer', pcOnly: true },
  { family: 'truenas', when: { volume: /^(?:TrueNAS|FreeNAS)/i }, id: 'truenas', name: 'TrueNAS', kind: 'installer', vague: true, pcOnly: true },
  { family: 'xigmanas', when: { volume: /^(?:XigmaNAS|NAS4Free)/i }, id: 'xigmanas', name: 'XigmaNAS', pcOnly: true },
  { family: 'ghostbsd', when: { volume: /^GhostBSD[ _-]*(?<major>\d\d)?(?:[._](?<minor>\d+))?/i }, id: 'ghostbsd{major}', name: 'GhostBSD{ major}', kind: 'live', pcOnly: true },
  { family: 'midnightbsd', when: { volume: /^MidnightBSD/i }, id: 'midnightbsd', name: 'MidnightBSD' },
  { family: 'nomadbsd', when: { volume: /^NomadBSD/i }, id: 'nomadbsd', name: 'NomadBSD', kind: 'live' },
  { family: 'hellosystem', when: { volume: /^hello(?:System)?\b/i, system: /FreeBSD/i }, id: 'hellosystem', name: 'helloSystem', kind: 'live' },
  { family: 'hardenedbsd', when: { volume: /^HardenedBSD|^\d+[_-]\w*HBSD/i }, id: 'hardenedbsd', name: 'HardenedBSD' },
  { family: 'trueos', when: { volume: /^(?:TRUEOS|TRIDENT|PCBSD)/i }, id: 'trueos', name: 'TrueOS' },
  { family: 'dragonflybsd', when: { volume: /^DragonFly[ _-]v?(?<major>[1-4])\.(?<minor>\d+)\.(?<patch>\d+)/i }, id: 'dragonflybsd{major}{.minor}{.patch}', name: 'DragonFly BSD {major}{.minor}{.patch}', osinfo: 'dragonflybsd.org/dragonflybsd/{major}{.minor}{.patch}', pcOnly: true },
  { family: 'dragonflybsd', when: { volume: /^DragonFly[ _-]v?(?<major>5)\.(?<minor>[0-4])\.(?<patch>\d+)/i }, id: 'dragonflybsd{major}{.minor}{.patch}', name: 'DragonFly BSD {major}{.minor}{.patch}', osinfo: 'dragonflybsd.org/dragonflybsd/{major}{.minor}{.patch}', pcOnly: true },
  { family: 'dragonflybsd', when: { volume: /^DragonFly[ _-]v?(?<major>\d+)\.(?<minor>\d+)/i }, id: 'dragonflybsd{major}{.minor}', name: 'DragonFly BSD {major}{.minor}', osinfo: 'dragonflybsd.org/dragonflybsd/{major}{.minor}', pcOnly: true },
  { family: 'dragonflybsd', when: { volume: /^DragonFly/i }, id: 'dragonflybsd', name: 'DragonFly BSD', vague: true, pcOnly: true },
  { family: 'freebsd', when: { volume: /^(?:FreeBSD[ _-])?(?<major>\d+)_(?<minor>\d+)_(?:RELEASE|RC\d?|BETA\d?|STABLE|PRERELEASE)/i }, id: 'freebsd{major}{.minor}', name: 'FreeBSD {major}{.minor}', osinfo: 'freebsd.org/freebsd/{major}{.minor}', kind: 'installer' },
  { family: 'freebsd', when: { volume: /^(?<major>\d+)_(?<minor>\d+)_(?:CURRENT|ALPHA\d?)/i }, id: 'freebsd{major}{.minor}', name: 'FreeBSD {major}{.minor}', osinfo: 'freebsd.org/freebsd/{major}{.minor}', kind: 'installer' },
  { family: 'freebsd', when: { volume: /^FreeBSD[ _-](?:install[ _-]?)?v?(?<major>\d+)[._](?<minor>\d+)/i }, id: 'freebsd{major}{.minor}', name: 'FreeBSD {major}{.minor}', osinfo: 'freebsd.org/freebsd/{major}{.minor}', kind: 'installer' },
  { family: 'freebsd', when: { volume: /^FreeBSD/i }, id: 'freebsd', name: 'FreeBSD', kind: 'installer', vague: true },
  { family: 'freebsd', when: { publisher: /^THE FREEBSD PROJECT/i }, id: 'freebsd', name: 'FreeBSD', kind: 'installer', vague: true },
  { family: 'openbsd', when: { volume: /^OpenBSD\/\S+\s+(?<major>\d+)\.(?<minor>\d)/i }, id: 'openbsd{major}{.minor}', name: 'OpenBSD {major}{.minor}', osinfo: 'openbsd.org/openbsd/{major}{.minor}', kind: 'installer' },
  { family: 'openbsd', when: { volume: /^OpenBSD[ _-]?(?<major>\d+)\.(?<minor>\d)/i }, id: 'openbsd{major}{.minor}', name: 'OpenBSD {major}{.minor}', osinfo: 'openbsd.org/openbsd/{major}{.minor}', kind: 'installer' },
  { family: 'openbsd', when: { application: /^OpenBSD (?<major>\d+)\.(?<minor>\d)/i }, id: 'openbsd{major}{.minor}', name: 'OpenBSD {major}{.minor}', osinfo: 'openbsd.org/openbsd/{major}{.minor}', kind: 'installer' },
  { family: 'openbsd', when: { volume: /^OpenBSD/i }, id: 'openbsd', name: 'OpenBSD', kind: 'installer', vague: true },
  // Three digits after a major version of two were 10.0, before that 7.1.1.
  { family: 'netbsd', when: { volume: /^NETBSD_(?<major>[12]\d)(?<minor>\d)/i }, id: 'netbsd{major}{.minor}', name: 'NetBSD {major}{.minor}', osinfo: 'netbsd.org/netbsd/{major}{.minor}', kind: 'installer', pcOnly: true },
  { family: 'netbsd', when: { volume: /^NETBSD_(?<major>[3-9])(?<minor>\d)(?<patch>\d)?(?!\d)/i }, id: 'netbsd{major}{.minor}{.patch}', name: 'NetBSD {major}{.minor}{.patch}', osinfo: 'netbsd.org/netbsd/{major}{.minor}{.patch}', kind: 'installer', pcOnly: true },
  { family: 'netbsd', when: { volume: /^NetBSD/i }, id: 'netbsd', name: 'NetBSD', kind: 'installer', vague: true, pcOnly: true },
  { family: 'netbsd', when: { publisher: /NETBSD[ _]PROJECT/i }, id: 'netbsd', name: 'NetBSD', kind: 'installer', vague: true, pcOnly: true },
];
