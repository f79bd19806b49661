// SPDX-License-Identifier: Apache-2.0
//
// Ubuntu, its flavours, and what is made from it.
import type { Answers, Rule } from '../rule.ts';

const version = String.raw`(?<major>\d+)\.(?<minor>\d\d)`;
const serverAnswers: Answers = [
  [0, 'preseed'],
  [20.04, 'autoinstall'],
];
// The desktop's own installer learned it later.
const desktopAnswers: Answers = [
  [0, 'preseed'],
  [23.04, 'autoinstall'],
];

const flavours: Record<string, { id: string; label: string }> = {
  Kubuntu: { id: 'kubuntu', label: 'Kubuntu' },
  Xubuntu: { id: 'xubuntu', label: '(?:Xubuntu|Xubuntu-Minimal)' },
  Lubuntu: { id: 'lubuntu', label: '(?:Lubuntu|Lubuntu-Next)' },
  'Ubuntu MATE': { id: 'ubuntu-mate', label: 'Ubuntu[ -]MATE' },
  'Ubuntu Budgie': { id: 'ubuntu-budgie', label: '(?:Ubuntu[ -])?Budgie(?:[ -]remix)?' },
  'Ubuntu Studio': { id: 'ubuntustudio', label: 'Ubuntu[ -]?Studio' },
  'Ubuntu Kylin': { id: 'ubuntukylin', label: 'Ubuntu[ -]?Kylin' },
  'Ubuntu Cinnamon': { id: 'ubuntucinnamon', label: 'Ubuntu[ -]?Cinnamon' },
  'Ubuntu Unity': { id: 'ubuntu-unity', label: 'Ubuntu[ -]?Unity' },
  'Ubuntu GNOME': { id: 'ubuntu-gnome', label: 'Ubuntu[ -]GNOME' },
  'Ubuntu Sway': { id: 'ubuntu-sway', label: 'Ubuntu[ -]?Sway' },
  Mythbuntu: { id: 'mythbuntu', label: 'Mythbuntu' },
};

// A table: a line a rule.
// oxfmt-ignore
export const ubuntuRules: readonly Rule[] = [
  ...Object.entries(flavours).flatMap(([name, { id, label }]): Rule[] =>
    (['volume', 'info'] as const).map((field) => ({
      family: 'ubuntu',
      when: { [field]: new RegExp(`^${label}[ _-]+${version}`, 'i') },
      id: `${id}{major}{.minor}`,
      name: `${name} {major}{.minor}`,
      answers: desktopAnswers,
    })),
  ),
  { family: 'ubuntu', when: { volume: new RegExp(`^(?:Ubuntu[ -]Server)[ _-]+${version}`, 'i') }, id: 'ubuntu{major}{.minor}', name: 'Ubuntu {major}{.minor}', osinfo: 'ubuntu.com/ubuntu/{major}{.minor}', answers: serverAnswers, kind: 'installer' },
  { family: 'ubuntu', when: { info: new RegExp(`^Ubuntu[ -]Server ${version}`, 'i') }, id: 'ubuntu{major}{.minor}', name: 'Ubuntu {major}{.minor}', osinfo: 'ubuntu.com/ubuntu/{major}{.minor}', answers: serverAnswers, kind: 'installer' },
  // A flavour that osinfo-db counts as Ubuntu.
  { family: 'ubuntu', when: { volume: new RegExp(`^Edubuntu[ _-]+${version}`, 'i') }, id: 'edubuntu{major}{.minor}', name: 'Edubuntu {major}{.minor}', osinfo: 'ubuntu.com/ubuntu/{major}{.minor}', answers: desktopAnswers, kind: 'installer' },
  { family: 'ubuntu', when: { info: new RegExp(`^Edubuntu ${version}`, 'i') }, id: 'edubuntu{major}{.minor}', name: 'Edubuntu {major}{.minor}', osinfo: 'ubuntu.com/ubuntu/{major}{.minor}', answers: desktopAnswers, kind: 'installer' },
  { family: 'ubuntu', when: { volume: new RegExp(`^(?:Ubuntu|Gobuntu)[ _-]+${version}`, 'i') }, id: 'ubuntu{major}{.minor}', name: 'Ubuntu {major}{.minor}', osinfo: 'ubuntu.com/ubuntu/{major}{.minor}', answers: desktopAnswers, kind: 'installer' },
  { family: 'ubuntu', when: { info: new RegExp(`^(?:Ubuntu|Gobuntu) ${version}`, 'i') }, id: 'ubuntu{major}{.minor}', name: 'Ubuntu {major}{.minor}', osinfo: 'ubuntu.com/ubuntu/{major}{.minor}', answers: desktopAnswers, kind: 'installer' },
  { family: 'ubuntu', when: { volume: /^Ubuntu\b/i }, id: 'ubuntu', name: 'Ubuntu', vague: true },

  { family: 'linuxmint', when: { volume: /^Linux[ _-]Mint[ _-](?<major>\d+)(?:\.(?<minor>\d+))?/i }, id: 'linuxmint{major}{.minor}', name: 'Linux Mint {major}{.minor}', kind: 'live', pcOnly: true },
  { family: 'linuxmint', when: { info: /^Linux Mint (?<major>\d+)(?:\.(?<minor>\d+))?/i }, id: 'linuxmint{major}{.minor}', name: 'Linux Mint {major}{.minor}', kind: 'live', pcOnly: true },
  { family: 'linuxmint', when: { volume: /^Linux[ _-]?Mint/i }, id: 'linuxmint', name: 'Linux Mint', kind: 'live', vague: true, pcOnly: true },
  { family: 'zorin', when: { volume: /^Zorin[ _-]OS[ _-](?<major>\d+)(?:\.(?<minor>\d+))?/i }, id: 'zorin{major}', name: 'Zorin OS {major}', kind: 'live', pcOnly: true },
  { family: 'zorin', when: { info: /^Zorin[ -]OS (?<major>\d+)/i }, id: 'zorin{major}', name: 'Zorin OS {major}', kind: 'live', pcOnly: true },
  { family: 'zorin', when: { volume: /^Zorin/i }, id: 'zorin', name: 'Zorin OS', kind: 'live', vague: true, pcOnly: true },
  // One version had its own number in osinfo-db; from 6 on people count without the ".0".
  { family: 'elementary', when: { volume: /^elementary[ _-]OS[ _-](?<major>[0-5])\.(?<minor>\d)/i }, id: 'elementary{major}{.minor}', name: 'elementary OS {major}{.minor}', osinfo: 'elementary.io/elementary/{major}{.minor}', kind: 'live', pcOnly: true },
  { family: 'elementary', when: { volume: /^elementary[ _-]OS[ _-](?<major>\d+)(?:\.(?<minor>\d+))?/i }, id: 'elementary{major}', name: 'elementary OS {major}', kind: 'live', pcOnly: true },
  { family: 'elementary', when: { info: /^elementary OS (?<major>\d+)/i }, id: 'elementary{major}', name: 'elementary OS {major}', kind: 'live', pcOnly: true },
  { family: 'elementary', when: { volume: /^elementary/i }, id: 'elementary', name: 'elementary OS', kind: 'live', vague: true, pcOnly: true },
  { family: 'popos', when: { volume: /^Pop[_!-]{1,2}OS[ _-](?<major>\d+)\.(?<minor>\d\d)/i }, id: 'popos{major}{.minor}', name: 'Pop!_OS {major}{.minor}', osinfo: 'system76.com/popos/{major}{.minor}', kind: 'live', pcOnly: true },
  { family: 'popos', when: { volume: /^Pop[_!-]{1,2}OS/i }, id: 'popos', name: 'Pop!_OS', kind: 'live', vague: true, pcOnly: true },
  { family: 'trisquel', when: { volume: /^(?:trisquel|triskel)(?:-[a-z]+)?[ _-](?<major>\d+)/i }, id: 'trisquel{major}', name: 'Trisquel {major}', osinfo: 'trisquel.info/trisquel/{major}', kind: 'live', pcOnly: true },
  { family: 'trisquel', when: { volume: /^(?:trisquel|triskel)/i }, id: 'trisquel', name: 'Trisquel', kind: 'live', vague: true, pcOnly: true },
  { family: 'neon', when: { volume: /^(?:KDE[ _-])?neon\b/i }, id: 'kdeneon', name: 'KDE neon', kind: 'live', pcOnly: true },
  { family: 'neon', when: { info: /^(?:KDE )?neon\b/i }, id: 'kdeneon', name: 'KDE neon', kind: 'live', pcOnly: true },
  { family: 'bodhi', when: { volume: /^Bodhi[ _-](?:Linux[ _-])?(?<major>\d+)?/i }, id: 'bodhi{major}', name: 'Bodhi Linux{ major}', kind: 'live', pcOnly: true },
  { family: 'linuxlite', when: { volume: /^Linux[ _-]Lite[ _-]?(?<major>\d+)?/i }, id: 'linuxlite{major}', name: 'Linux Lite{ major}', kind: 'live', pcOnly: true },
  { family: 'feren', when: { volume: /^feren/i }, id: 'ferenos', name: 'feren OS', kind: 'live' },
  { family: 'tuxedo', when: { volume: /^TUXEDO/i }, id: 'tuxedoos', name: 'TUXEDO OS', kind: 'live' },
  { family: 'vanilla', when: { volume: /^Vanilla[ _-]?OS/i }, id: 'vanillaos', name: 'Vanilla OS', kind: 'live' },
  { family: 'rhino', when: { volume: /^Rhino/i }, id: 'rhinolinux', name: 'Rhino Linux', kind: 'live' },
  { family: 'nitrux', when: { volume: /^Nitrux/i }, id: 'nitrux', name: 'Nitrux', kind: 'live' },
  { family: 'anduinos', when: { volume: /^AnduinOS/i }, id: 'anduinos', name: 'AnduinOS', kind: 'live' },
  { family: 'regolith', when: { volume: /^Regolith/i }, id: 'regolith', name: 'Regolith', kind: 'live' },
  { family: 'voyager', when: { volume: /^Voyager/i }, id: 'voyager', name: 'Voyager', kind: 'live' },
  { family: 'ultimate', when: { volume: /^Ultimate Edition/i }, id: 'ultimateedition', name: 'Ultimate Edition', kind: 'live' },
];
