// SPDX-License-Identifier: Apache-2.0
//
// Fedora, Red Hat Enterprise Linux, and what is made from them.
import type { Answers, Rule } from '../rule.ts';

const kickstart: Answers = [[0, 'kickstart']];
const fedora = { family: 'fedora', answers: kickstart } as const;

interface Enterprise {
  family: string;
  title: string;
  /** Expression for the word in front */
  label: string;
  /** In osinfo-db */
  address?: string;
  /** Each minor version is one of its own there */
  perMinor?: boolean;
  /** Some live media have their edition before the version: "Rocky-KDE-9-0" */
  editions?: boolean;
}

/** The systems of the Enterprise Linux family call their media alike. */
function enterprise({ family, title, label, address, perMinor, editions }: Enterprise): Rule[] {
  const version = perMinor === true ? '{major}{.minor}' : '{major}';
  const number = String.raw`(?<major>\d+)(?:[-._](?<minor>\d{1,2})(?!\d))?`;
  const shapes = [`^${label}[ _-]*${number}`];
  if (editions === true) shapes.push(`^${label}[ _-][a-z][a-z_-]*?[ _-]${number}`);
  return shapes.map((shape) => ({
    family,
    when: { volume: new RegExp(shape, 'i') },
    id: `${family}${version}`,
    name: `${title} ${version}`,
    answers: kickstart,
    ...(address !== undefined && { osinfo: `${address}/${version}` }),
  }));
}

// A table: a line a rule.
// oxfmt-ignore
export const redHatRules: readonly Rule[] = [
  // The atomic desktops
  { ...fedora, when: { volume: /^Fedora-(?:SB|AW|Silverblue)-ostree-\S*?-(?<major>\d+)$/i }, id: 'silverblue{major}', name: 'Fedora Silverblue {major}', osinfo: 'fedoraproject.org/silverblue/{major}' },
  { ...fedora, when: { volume: /^Fedora-(?:SB|AW|Silverblue)-ostree-\S*?-rawh/i }, id: 'silverblue-rawhide', name: 'Fedora Silverblue Rawhide', osinfo: 'fedoraproject.org/silverblue/rawhide' },
  { ...fedora, when: { volume: /^Fedora-WSOstree-ostree-\S*?-(?<major>\d+)$/i }, id: 'fedora{major}', name: 'Fedora {major}', osinfo: 'fedoraproject.org/fedora/{major}' },
  { ...fedora, when: { volume: /^Fedora-(?:Knt|Kinoite|KDE)-ostree-\S*?-(?<major>\d+)$/i }, id: 'kinoite{major}', name: 'Fedora Kinoite {major}' },
  { ...fedora, when: { volume: /^Fedora-(?:Ser\w*|SwA\w*|Sway\w*)-ostree-\S*?-(?<major>\d+)$/i }, id: 'sway-atomic{major}', name: 'Fedora Sway Atomic {major}' },
  { ...fedora, when: { volume: /^Fedora-(?:On\w*|Bud\w*)-ostree-\S*?-(?<major>\d+)$/i }, id: 'budgie-atomic{major}', name: 'Fedora Budgie Atomic {major}' },
  { ...fedora, when: { volume: /^Fedora-(?:COS\w*)-ostree-\S*?-(?<major>\d+)$/i }, id: 'cosmic-atomic{major}', name: 'Fedora COSMIC Atomic {major}' },
  { ...fedora, when: { volume: /^Fedora-IoT-\S*?-?(?<major>\d\d)(?:$|-)/i }, id: 'fedora-iot{major}', name: 'Fedora IoT {major}' },
  { family: 'fedora', when: { volume: /^fedora-coreos-(?<major>\d+)\./i }, id: 'fedora-coreos', name: 'Fedora CoreOS', osinfo: 'fedoraproject.org/coreos/stable', kind: 'live', answers: [[0, 'ignition']] },
  { family: 'rhcos', when: { volume: /^rhcos-/i }, id: 'rhcos', name: 'Red Hat CoreOS', kind: 'live', answers: [[0, 'ignition']] },
  { family: 'nobara', when: { volume: /^Nobara[ _-]*(?<major>\d+)?/i }, id: 'nobara{major}', name: 'Nobara{ major}', kind: 'live' },
  { family: 'ublue', when: { volume: /^(?<product>Bazzite|Bluefin|Aurora)\b/i }, id: '{product}', name: '{product}', kind: 'installer' },
  { family: 'ultramarine', when: { volume: /^Ultramarine[a-z_-]*?(?<major>\d+)?\b/i }, id: 'ultramarine{major}', name: 'Ultramarine{ major}', kind: 'live' },
  { family: 'qubes', when: { volume: /^QUBES[ _-]R?(?<major>\d+)(?:[-._](?<minor>\d+))?/i }, id: 'qubes{major}{.minor}', name: 'Qubes OS {major}{.minor}', answers: kickstart, pcOnly: true },

  { ...fedora, when: { volume: /^Fedora-ELN/i }, id: 'fedora-eln', name: 'Fedora ELN', osinfo: 'fedoraproject.org/fedora/eln' },
  { ...fedora, when: { volume: /^Fedora\S*-(?:rawh\w*)\b/i }, id: 'fedora-rawhide', name: 'Fedora Rawhide', osinfo: 'fedoraproject.org/fedora/rawhide' },
  { ...fedora, when: { volume: /^Fedora[ _-]WS-Live-(?<major>\d{1,2})(?!\d)/i }, id: 'fedora{major}', name: 'Fedora {major}', osinfo: 'fedoraproject.org/fedora/{major}', kind: 'live' },
  // The number stands at the beginning, in the middle or at the end; never is it the one of a processor.
  { ...fedora, when: { volume: /^(?:Fedora[ _-]?|F(?=\d+-[xip]))(?<major>\d{1,2})(?![\d.])/i }, id: 'fedora{major}', name: 'Fedora {major}', osinfo: 'fedoraproject.org/fedora/{major}' },
  { ...fedora, when: { volume: /^Fedora-[a-z][a-z_-]*-(?<major>\d{1,2})(?=$|[^\d.])/i }, id: 'fedora{major}', name: 'Fedora {major}', osinfo: 'fedoraproject.org/fedora/{major}' },
  { ...fedora, when: { volume: /^Fedora-\S*?(?:x86_64|aarch64|i[3-6]86|ppc64le|ppc64|ppc|s390x|armhfp?|riscv64)-(?<major>\d{1,2})(?!\d)/i }, id: 'fedora{major}', name: 'Fedora {major}', osinfo: 'fedoraproject.org/fedora/{major}' },
  { ...fedora, when: { volume: /^Fedora\S*[ _-](?<major>\d\d)(?=$|[-_ ])/i }, id: 'fedora{major}', name: 'Fedora {major}', osinfo: 'fedoraproject.org/fedora/{major}' },
  { ...fedora, when: { volume: /^FC[-/](?<major>\d)\b/ }, id: 'fedora{major}', name: 'Fedora Core {major}', osinfo: 'fedoraproject.org/fedora/{major}' },
  { ...fedora, when: { application: /^FC[-/](?<major>\d)\b/ }, id: 'fedora{major}', name: 'Fedora Core {major}', osinfo: 'fedoraproject.org/fedora/{major}' },
  { ...fedora, when: { application: /^Fedora[ -](?:[A-Z]+-)*(?<major>\d\d)(?!\d)/i }, id: 'fedora{major}', name: 'Fedora {major}', osinfo: 'fedoraproject.org/fedora/{major}' },
  { ...fedora, when: { tree: /^Fedora (?<major>\d+)/i }, id: 'fedora{major}', name: 'Fedora {major}', osinfo: 'fedoraproject.org/fedora/{major}' },
  { ...fedora, when: { volume: /^Fedora\b/i }, id: 'fedora', name: 'Fedora', vague: true },

  { family: 'almalinux', when: { volume: /^AlmaLinux[ _-]Kitten[ _-](?<major>\d+)/i }, id: 'almalinux-kitten{major}', name: 'AlmaLinux Kitten {major}', osinfo: 'almalinux.org/almalinux-kitten/{major}', answers: kickstart },
  ...enterprise({ family: 'almalinux', title: 'AlmaLinux', label: 'Alma[ _-]?Linux', address: 'almalinux.org/almalinux', editions: true }),
  ...enterprise({ family: 'rocky', title: 'Rocky Linux', label: 'Rocky(?:[ _-]?Linux)?', address: 'rockylinux.org/rocky', editions: true }),
  { family: 'centos', when: { volume: /^CentOS[ _-]Stream[ _-](?<major>\d+)/i }, id: 'centos-stream{major}', name: 'CentOS Stream {major}', osinfo: 'centos.org/centos-stream/{major}', answers: kickstart },
  { family: 'centos', when: { volume: /^CentOS[ _-]Stream\b|^CentOS_Stream_/i }, id: 'centos-stream8', name: 'CentOS Stream 8', osinfo: 'centos.org/centos-stream/8', answers: kickstart },
  // Until version 6 each minor version was a release of its own.
  { family: 'centos', when: { volume: /^CentOS[ _-](?<major>[3-6])[-._](?<minor>\d+)/i }, id: 'centos{major}{.minor}', name: 'CentOS {major}{.minor}', osinfo: 'centos.org/centos/{major}{.minor}', answers: kickstart, pcOnly: true },
  { family: 'centos', when: { volume: /^CentOS[ _-](?<major>7)\b|^CentOS[ _-](?<major>7)_/i }, id: 'centos{major}.0', name: 'CentOS {major}', osinfo: 'centos.org/centos/{major}.0', answers: kickstart },
  { family: 'centos', when: { volume: /^CentOS[ _-](?:Linux[ _-])?(?<major>\d+)/i }, id: 'centos{major}', name: 'CentOS {major}', osinfo: 'centos.org/centos/{major}', answers: kickstart },
  { family: 'centos', when: { application: /^CentOS (?:Linux )?(?<major>\d+)/i, volume: /^CentOS/i }, id: 'centos{major}', name: 'CentOS {major}', osinfo: 'centos.org/centos/{major}', answers: kickstart },
  { family: 'centos', when: { volume: /^CentOS\b/i }, id: 'centos', name: 'CentOS', answers: kickstart, vague: true },

  { family: 'rhel', when: { volume: /^RHEL[ _-]?Atomic Host (?<major>7)/i }, id: 'rhel-atomic-{major}', name: 'Red Hat Enterprise Linux Atomic Host {major}', answers: kickstart, vague: true, pcOnly: true },
  { family: 'rhel', when: { volume: /^Red Hat Enterprise Linux Atomic/i }, id: 'rhel-atomic', name: 'Red Hat Enterprise Linux Atomic Host', answers: kickstart, vague: true, pcOnly: true },
  // The preview for ARM counted on its own until it was 7.1.
  { family: 'rhel', when: { volume: /^RHELSA-1\./i }, id: 'rhel7.0', name: 'Red Hat Enterprise Linux 7.0 for ARM', osinfo: 'redhat.com/rhel/7.0', answers: kickstart },
  { family: 'rhel', when: { volume: /^RHELSA-(?<major>7)\.(?<minor>\d)/i }, id: 'rhel{major}{.minor}', name: 'Red Hat Enterprise Linux {major}{.minor} for ARM', osinfo: 'redhat.com/rhel/{major}{.minor}', answers: kickstart },
  ...enterprise({ family: 'rhel', title: 'Red Hat Enterprise Linux', label: 'RHEL[/]?', address: 'redhat.com/rhel', perMinor: true }),
  { family: 'rhel', when: { application: /^Red Hat Enterprise Linux (?<major>\d+)\.(?<minor>\d+)/i }, id: 'rhel{major}{.minor}', name: 'Red Hat Enterprise Linux {major}{.minor}', osinfo: 'redhat.com/rhel/{major}{.minor}', answers: kickstart },
  { family: 'rhel', when: { tree: /^Red Hat Enterprise Linux (?<major>\d+)\.(?<minor>\d+)/i }, id: 'rhel{major}{.minor}', name: 'Red Hat Enterprise Linux {major}{.minor}', osinfo: 'redhat.com/rhel/{major}{.minor}', answers: kickstart },
  { family: 'rhel', when: { volume: /^(?:RHEL|Red ?Hat Enterprise)\b/i }, id: 'rhel', name: 'Red Hat Enterprise Linux', answers: kickstart, vague: true },

  ...enterprise({ family: 'ol', title: 'Oracle Linux', label: '(?:OL|Oracle[ _-]Linux)', address: 'oracle.com/ol', perMinor: true }),
  ...enterprise({ family: 'eurolinux', title: 'EuroLinux', label: '(?:EL|EuroLinux)', address: 'euro-linux.com/eurolinux' }),
  ...enterprise({ family: 'circle', title: 'Circle Linux', label: 'Circle', address: 'cclinux.org/circle', perMinor: true }),
  ...enterprise({ family: 'miraclelinux', title: 'MIRACLE LINUX', label: 'MIRACLE[ _-]LINUX', address: 'miraclelinux.com/miraclelinux', perMinor: true }),
  ...enterprise({ family: 'scientificlinux', title: 'Scientific Linux', label: '(?:SL|Scientific[ _-]?Linux)', address: 'scientificlinux.org/scientificlinux', perMinor: true }),
  ...enterprise({ family: 'cloudlinux', title: 'CloudLinux', label: 'CloudLinux', editions: true }),
  ...enterprise({ family: 'vzlinux', title: 'VzLinux', label: 'VzLinux' }),
  ...enterprise({ family: 'springdale', title: 'Springdale Linux', label: 'Springdale(?:[ _-]Linux)?' }),
  ...enterprise({ family: 'navylinux', title: 'Navy Linux', label: 'Navy(?:[ _-]Linux)?' }),
  ...enterprise({ family: 'msvsphere', title: 'MSVSphere', label: 'MSVSphere' }),
  ...enterprise({ family: 'redos', title: 'RED OS', label: 'RED[ _-]?OS' }),
  { family: 'anolis', when: { volume: /^anolis\S*?-(?<major>\d+)(?:$|[-.](?!\d)|-(?=[a-z]))/i }, id: 'anolis{major}', name: 'Anolis OS {major}', osinfo: 'openanolis.cn/anolis/{major}', answers: kickstart, vague: true },
  { family: 'openeuler', when: { volume: /^openEuler[ _-](?<major>\d\d)\.(?<minor>\d\d)/i }, id: 'openeuler{major}{.minor}', name: 'openEuler {major}{.minor}', answers: kickstart },
  { family: 'openeuler', when: { volume: /^openEuler/i }, id: 'openeuler', name: 'openEuler', answers: kickstart, vague: true },
  { family: 'asianux', when: { volume: /^Asianux-Server-(?<major>\d+)-/i }, id: 'asianux{major}.0', name: 'Asianux Server {major}', osinfo: 'asianux.com/asianux/{major}.0', answers: kickstart },
  { family: 'asianux', when: { volume: /^Asianux[ _-]Server[ _-](?<major>\d+)(?: SP(?<minor>\d)|\.(?<minor>\d))?/i }, id: 'asianux{major}{.minor}', name: 'Asianux Server {major}{.minor}', osinfo: 'asianux.com/asianux/{major}{.minor}', answers: kickstart },
  { family: 'xcp-ng', when: { volume: /^XCP-ng[ _-]?(?<major>\d+)?(?:[._-](?<minor>\d+))?/i }, id: 'xcp-ng{major}{.minor}', name: 'XCP-ng{ major}{.minor}', pcOnly: true },
  { family: 'xenserver', when: { volume: /^(?:XenServer|Citrix[ _-]Hypervisor)[ _-]?(?<major>\d+)?/i }, id: 'xenserver{major}', name: 'XenServer{ major}', pcOnly: true },
  { family: 'nethserver', when: { volume: /^NethServer/i }, id: 'nethserver', name: 'NethServer', answers: kickstart },
  { family: 'freepbx', when: { volume: /^(?:FreePBX|SNG7|SHMZ)/i }, id: 'freepbx', name: 'FreePBX' },
  { family: 'ovirt', when: { volume: /^oVirt/i }, id: 'ovirt-node', name: 'oVirt Node', answers: kickstart },
  { family: 'rhl', when: { volume: /^Red[ _-]?Hat[ _-]?(?:Linux[ _-])?(?<major>\d)(?:\.(?<minor>\d))?/i }, id: 'rhl{major}{.minor}', name: 'Red Hat Linux {major}{.minor}', osinfo: 'redhat.com/rhl/{major}{.minor}', answers: kickstart },
];
