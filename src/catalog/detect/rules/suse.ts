// SPDX-License-Identifier: Apache-2.0
//
// openSUSE and SUSE Linux Enterprise. Their application id is the full name that the label has no room for.
import type { Answers, Field, Rule } from '../rule.ts';

const autoyast: Answers = [[0, 'autoyast']];
const thenAgama: Answers = [
  [0, 'autoyast'],
  [16, 'agama'],
];

// A table: a line a rule.
// oxfmt-ignore
const suseLabels: readonly Rule[] = [
  { family: 'opensuse', when: { volume: /^openSUSE[ _-]Leap[ _-]Micro[ _-](?<major>\d+)\.(?<minor>\d+)/i }, id: 'leapmicro{major}{.minor}', name: 'openSUSE Leap Micro {major}{.minor}' },
  { family: 'opensuse', when: { volume: /^(?:Install-|openSUSE[ _-])?Leap[ _-](?<major>\d\d)\.(?<minor>\d)/i }, id: 'opensuse{major}{.minor}', name: 'openSUSE Leap {major}{.minor}', osinfo: 'opensuse.org/opensuse/{major}{.minor}', answers: thenAgama },
  { family: 'opensuse', when: { volume: /^openSUSE[ _-](?:Tumbleweed|Kubic)/i }, id: 'opensusetumbleweed', name: 'openSUSE Tumbleweed', osinfo: 'opensuse.org/opensuse/tumbleweed', answers: autoyast },
  { family: 'opensuse', when: { volume: /^openSUSE[ _-]MicroOS/i }, id: 'opensusemicroos', name: 'openSUSE MicroOS', osinfo: 'opensuse.org/opensuse/microos', answers: autoyast },
  { family: 'opensuse', when: { volume: /^openSUSE[ _-]Aeon|^Aeon/i }, id: 'aeon', name: 'Aeon Desktop' },
  { family: 'opensuse', when: { volume: /^openSUSE[ _-](?<major>\d\d)\.(?<minor>\d)/i }, id: 'opensuse{major}{.minor}', name: 'openSUSE {major}{.minor}', osinfo: 'opensuse.org/opensuse/{major}{.minor}', answers: autoyast },
  { family: 'suse', when: { volume: /^SUSE-CaaS-Platform-(?<major>\d+)\.(?<minor>\d+)/i }, id: 'caasp{major}{.minor}', name: 'SUSE CaaS Platform {major}{.minor}', osinfo: 'suse.com/caasp/{major}{.minor}', answers: autoyast },
  { family: 'suse', when: { volume: /^(?:SUSE-MicroOS|SLE-Micro|SL-Micro|SUSE-Linux-Micro)-(?<major>\d+)\.(?<minor>\d+)/i }, id: 'slem{major}{.minor}', name: 'SUSE Linux Micro {major}{.minor}', osinfo: 'suse.com/slem/{major}{.minor}', answers: autoyast },
  { family: 'suse', when: { volume: /^SLE[ _-](?<major>\d+)(?:[ _-](?<sp>SP(?<minor>\d+)))?[ _-]Server/i }, id: 'sles{major}{sp}', name: 'SUSE Linux Enterprise Server {major}{ sp}', osinfo: 'suse.com/sles/{major}{.minor}', answers: autoyast },
  { family: 'suse', when: { volume: /^SLE[ _-](?<major>\d+)(?:[ _-](?<sp>SP(?<minor>\d+)))?[ _-]Desktop/i }, id: 'sled{major}{sp}', name: 'SUSE Linux Enterprise Desktop {major}{ sp}', osinfo: 'suse.com/sled/{major}{.minor}', answers: autoyast },
  { family: 'suse', when: { volume: /^SLED[ _-](?<major>\d+)(?:[ _-](?<sp>SP(?<minor>\d+)))?/i }, id: 'sled{major}{sp}', name: 'SUSE Linux Enterprise Desktop {major}{ sp}', osinfo: 'suse.com/sled/{major}{.minor}', answers: autoyast },
  { family: 'suse', when: { volume: /^SLES[ _-](?<major>1[6-9]|[2-9]\d)\.(?<minor>\d+)/i }, id: 'sles{major}{.minor}', name: 'SUSE Linux Enterprise Server {major}{.minor}', osinfo: 'suse.com/sles/{major}{.minor}', answers: thenAgama },
  { family: 'suse', when: { volume: /^SLES[ _-](?<major>\d+)(?:[ _-](?<sp>SP(?<minor>\d+)))?/i }, id: 'sles{major}{sp}', name: 'SUSE Linux Enterprise Server {major}{ sp}', osinfo: 'suse.com/sles/{major}{.minor}', answers: autoyast },
  // Since 15 one medium installs all products.
  { family: 'suse', when: { volume: /^SLE[ _-](?<major>\d+)(?:[ _-](?<sp>SP(?<minor>\d+)))?(?=$|[ _-])/i }, id: 'sle{major}{sp}', name: 'SUSE Linux Enterprise {major}{ sp}', osinfo: 'suse.com/sle/{major}{.minor}', answers: autoyast },
];

const onApplication = (rule: Rule): Rule => ({
  ...rule,
  when: { ['application' satisfies Field]: rule.when.volume as RegExp },
});

// A table: a line a rule.
// oxfmt-ignore
export const suseRules: readonly Rule[] = [
  // The full name first: the label of several versions is the same.
  ...suseLabels.map(onApplication),
  ...suseLabels,
  { family: 'suse', when: { volume: /^Install-SUSE-SLE-(?<major>\d+)/i }, id: 'sles{major}.0', name: 'SUSE Linux Enterprise Server {major}', osinfo: 'suse.com/sles/{major}.0', answers: thenAgama },
  // The labels of these four say a build instead of the version.
  { family: 'opensuse', when: { volume: /^openSUSE-(?:DVD|NET|KDE|GNOME)\S*(?:Build|[.]|86|64)0?702/i }, id: 'opensuse11.3', name: 'openSUSE 11.3', osinfo: 'opensuse.org/opensuse/11.3', answers: autoyast },
  { family: 'opensuse', when: { application: /^openSUSE-(?:DVD|NET)-\S+-Build0024/i }, id: 'opensuse11.4', name: 'openSUSE 11.4', osinfo: 'opensuse.org/opensuse/11.4', answers: autoyast },
  { family: 'opensuse', when: { application: /^openSUSE-(?:DVD|NET)-\S+-Build0039/i }, id: 'opensuse12.1', name: 'openSUSE 12.1', osinfo: 'opensuse.org/opensuse/12.1', answers: autoyast },
  { family: 'opensuse', when: { application: /^openSUSE-(?:DVD|NET)-\S+-Build0167/i }, id: 'opensuse12.2', name: 'openSUSE 12.2', osinfo: 'opensuse.org/opensuse/12.2', answers: autoyast },
  { family: 'opensuse', when: { volume: /^openSUSE\b/i }, id: 'opensuse', name: 'openSUSE', answers: autoyast, vague: true },
  { family: 'gecko', when: { volume: /^GeckoLinux/i }, id: 'geckolinux', name: 'GeckoLinux', kind: 'live' },
  { family: 'suse', when: { volume: /^(?:SUSE|SLE)/i }, id: 'suse', name: 'SUSE Linux', answers: autoyast, vague: true },
];
