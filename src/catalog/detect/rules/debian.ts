// SPDX-License-Identifier: Apache-2.0
//
// Debian and what is made from it. Those that keep Debian's own words on their media come first.
import type { Answers, Rule } from '../rule.ts';

const preseed: Answers = [[0, 'preseed']];

// A table: a line a rule.
// oxfmt-ignore
export const debianRules: readonly Rule[] = [
  { family: 'kali', when: { volume: /^kali(?:[ -]linux)?[ -](?<major>20\d\d)[.-](?<minor>\d)/i }, id: 'kali{major}{.minor}', name: 'Kali Linux {major}{.minor}', answers: preseed },
  { family: 'kali', when: { info: /^Kali GNU\/Linux (?<major>20\d\d)\.(?<minor>\d)/i }, id: 'kali{major}{.minor}', name: 'Kali Linux {major}{.minor}', answers: preseed },
  { family: 'kali', when: { volume: /^kali\b/i }, id: 'kali', name: 'Kali Linux', answers: preseed, vague: true },
  { family: 'kali', when: { info: /^Kali\b/i }, id: 'kali', name: 'Kali Linux', answers: preseed, vague: true },
  { family: 'tails', when: { volume: /^TAILS[ _](?<major>\d+)[._](?<minor>\d+)/i }, id: 'tails{major}{.minor}', name: 'Tails {major}{.minor}', kind: 'live', pcOnly: true },
  { family: 'tails', when: { volume: /^TAILS\b/i }, id: 'tails', name: 'Tails', kind: 'live', vague: true, pcOnly: true },
  { family: 'parrot', when: { volume: /^Parrot[ _-](?<edition>[a-z]+)[ _-](?<major>\d+)(?:\.(?<minor>\d+))?/i }, id: 'parrot{major}{.minor}', name: 'Parrot OS {major}{.minor}', kind: 'live' },
  { family: 'parrot', when: { volume: /^Parrot\b/i }, id: 'parrot', name: 'Parrot OS', kind: 'live', vague: true },
  { family: 'linuxmint', when: { volume: /^LMDE (?<major>\d+)/i }, id: 'lmde{major}', name: 'Linux Mint Debian Edition {major}', kind: 'live', pcOnly: true },
  { family: 'mx', when: { volume: /^MX-?(?<major>\d\d)(?:\.(?<minor>\d))?/ }, id: 'mx{major}', name: 'MX Linux {major}', kind: 'live', pcOnly: true },
  { family: 'mx', when: { volume: /^MX-?Live/i }, id: 'mx', name: 'MX Linux', kind: 'live', vague: true, pcOnly: true },
  { family: 'antix', when: { volume: /^antiX-?(?<major>\d\d)?/i }, id: 'antix{major}', name: 'antiX{ major}', kind: 'live', pcOnly: true },
  { family: 'devuan', when: { volume: /^Devuan[ _-](?:GNU[/+]Linux )?(?<major>\d+)/i }, id: 'devuan{major}', name: 'Devuan {major}', answers: preseed },
  { family: 'devuan', when: { volume: /^Devuan\b/i }, id: 'devuan', name: 'Devuan', answers: preseed, vague: true },
  { family: 'pureos', when: { volume: /^PureOS (?<major>\d+)/i }, id: 'pureos{major}', name: 'PureOS {major}', osinfo: 'pureos.net/pureos/{major}', kind: 'live', pcOnly: true },
  { family: 'univention', when: { volume: /^UCS (?<major>\d+)\.(?<minor>\d+)/ }, id: 'ucs{major}{.minor}', name: 'Univention Corporate Server {major}{.minor}', osinfo: 'univention.de/ucs/{major}{.minor}', pcOnly: true },
  { family: 'proxmox', when: { tree: /^proxmox-ve (?<major>\d+)/i }, id: 'proxmox-ve{major}', name: 'Proxmox VE {major}', pcOnly: true },
  { family: 'proxmox', when: { volume: /^(?:PVE|proxmox-ve)[ _-]?(?<major>\d+)?(?:[._-](?<minor>\d+))?(?=$|[ _.-])/i }, id: 'proxmox-ve{major}', name: 'Proxmox VE{ major}', pcOnly: true, vague: true },
  { family: 'proxmox', when: { volume: /^(?:PBS|proxmox-backup)(?=$|[ _-]?\d|-server)/i }, id: 'proxmox-backup', name: 'Proxmox Backup Server', pcOnly: true },
  { family: 'proxmox', when: { volume: /^(?:PMG|proxmox-mail)(?=$|[ _-]?\d|-gateway)/i }, id: 'proxmox-mail', name: 'Proxmox Mail Gateway', pcOnly: true },
  { family: 'astra', when: { volume: /^(?:Astra|OREL|SMOLENSK)/i }, id: 'astra', name: 'Astra Linux', answers: preseed, vague: true },
  { family: 'deepin', when: { volume: /^deepin[ _-]?(?<major>\d+)?/i }, id: 'deepin{major}', name: 'deepin{ major}', kind: 'live' },
  { family: 'uos', when: { volume: /^(?:UOS|UnionTech)\b/i }, id: 'uos', name: 'UnionTech OS' },
  { family: 'q4os', when: { volume: /^Q4OS[ _-]?(?<major>\d+)?/i }, id: 'q4os{major}', name: 'Q4OS{ major}', kind: 'live' },
  { family: 'sparky', when: { volume: /^Sparky/i }, id: 'sparky', name: 'SparkyLinux', kind: 'live' },
  { family: 'siduction', when: { volume: /^siduction/i }, id: 'siduction', name: 'siduction', kind: 'live' },
  { family: 'peppermint', when: { volume: /^Peppermint/i }, id: 'peppermint', name: 'Peppermint OS', kind: 'live' },
  { family: 'bunsenlabs', when: { volume: /^BunsenLabs/i }, id: 'bunsenlabs', name: 'BunsenLabs', kind: 'live' },
  { family: 'spiral', when: { volume: /^Spiral/i }, id: 'spirallinux', name: 'SpiralLinux', kind: 'live' },
  { family: 'knoppix', when: { volume: /^KNOPPIX/i }, id: 'knoppix', name: 'KNOPPIX', kind: 'live', pcOnly: true },
  { family: 'grml', when: { volume: /^grml/i }, id: 'grml', name: 'Grml', kind: 'live' },
  { family: 'openmediavault', when: { volume: /^openmediavault/i }, id: 'openmediavault', name: 'openmediavault', answers: preseed },
  { family: 'turnkey', when: { volume: /^turnkey/i }, id: 'turnkey', name: 'TurnKey Linux' },
  { family: 'vyos', when: { volume: /^vyos/i }, id: 'vyos', name: 'VyOS', kind: 'live' },
  { family: 'vyos', when: { application: /^VyOS/i }, id: 'vyos', name: 'VyOS', kind: 'live' },
  { family: 'clonezilla', when: { volume: /^(?:clonezilla|drbl)/i }, id: 'clonezilla', name: 'Clonezilla Live', kind: 'live' },
  { family: 'clonezilla', when: { application: /clonezilla/i }, id: 'clonezilla', name: 'Clonezilla Live', kind: 'live' },
  { family: 'clonezilla', when: { publisher: /clonezilla|drbl/i }, id: 'clonezilla', name: 'Clonezilla Live', kind: 'live' },
  { family: 'clonezilla', when: { path: /^clonezilla-live-version$/i }, id: 'clonezilla', name: 'Clonezilla Live', kind: 'live' },
  { family: 'gparted', when: { volume: /^gparted/i }, id: 'gparted', name: 'GParted Live', kind: 'live' },
  { family: 'gparted', when: { application: /gparted/i }, id: 'gparted', name: 'GParted Live', kind: 'live' },
  { family: 'rescuezilla', when: { volume: /^rescuezilla/i }, id: 'rescuezilla', name: 'Rescuezilla', kind: 'live' },

  { family: 'debian', when: { volume: /^Debian (?:GNU\/\w+ )?(?<old>[1-3]\.[01])(?:\D|$)/ }, id: 'debian{old}', name: 'Debian {old}', osinfo: 'debian.org/debian/{old}', answers: preseed },
  { family: 'debian', when: { volume: /^Debian (?:GNU\/\w+ )?(?<major>\d+)(?:\.(?<minor>\d+))?(?:[.r]\S*)?(?: |$)/ }, id: 'debian{major}', name: 'Debian {major}', osinfo: 'debian.org/debian/{major}', answers: preseed },
  { family: 'debian', when: { volume: /^Debian (?<branch>testing|unstable)\b/i }, id: 'debian{branch}', name: 'Debian {branch}', osinfo: 'debian.org/debian/{branch}', answers: preseed },
  { family: 'debian', when: { volume: /^Debian sid\b/i }, id: 'debianunstable', name: 'Debian unstable', osinfo: 'debian.org/debian/unstable', answers: preseed },
  { family: 'debian', when: { volume: /^d-live (?<major>\d+)\./ }, id: 'debian{major}', name: 'Debian {major}', osinfo: 'debian.org/debian/{major}', kind: 'live' },
  { family: 'debian', when: { volume: /^d-live testing/ }, id: 'debiantesting', name: 'Debian testing', osinfo: 'debian.org/debian/testing', kind: 'live' },
  ...named({
    etch: 4,
    lenny: 5,
    squeeze: 6,
    wheezy: 7,
    jessie: 8,
    stretch: 9,
    buster: 10,
    bullseye: 11,
    bookworm: 12,
    trixie: 13,
    forky: 14,
    duke: 15,
  }),
  { family: 'debian', when: { info: /^Debian GNU\/Linux (?<branch>testing|unstable)\b/i }, id: 'debian{branch}', name: 'Debian {branch}', osinfo: 'debian.org/debian/{branch}', answers: preseed },
  { family: 'debian', when: { info: /^Debian GNU\/Linux (?<major>\d+)/ }, id: 'debian{major}', name: 'Debian {major}', osinfo: 'debian.org/debian/{major}', answers: preseed },
  { family: 'debian', when: { volume: /^Debian\b/i }, id: 'debian', name: 'Debian', answers: preseed, vague: true },
  { family: 'debian', when: { volume: /^ISOIMAGE$/, info: /^Debian/ }, id: 'debian', name: 'Debian', answers: preseed, vague: true },
];

/** Some media say the name of a release instead of its number. */
function named(releases: Record<string, number>): Rule[] {
  return Object.entries(releases).map(([codename, major]) => ({
    family: 'debian',
    when: { volume: new RegExp(`^Debian (?:GNU/Linux )?${codename}\\b`, 'i') },
    id: `debian${major}`,
    name: `Debian ${major}`,
    osinfo: `debian.org/debian/${major}`,
  }));
}
