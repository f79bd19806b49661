// SPDX-License-Identifier: Apache-2.0
//
// Systems that are neither Linux, nor BSD, nor Windows; hypervisors; and media that bring drivers or settings to a guest.
import type { Rule } from '../rule.ts';

const drivers = { kind: 'drivers' } as const;

// A table: a line a rule.
// oxfmt-ignore
export const otherSystemRules: readonly Rule[] = [
  { family: 'drivers', when: { volume: /^virtio-?win/i }, id: 'virtio-win', name: 'virtio drivers for Windows', ...drivers },
  { family: 'drivers', when: { volume: /^(?:VBox_?GAs|VBOXADDITIONS)/i }, id: 'virtualbox-additions', name: 'VirtualBox Guest Additions', ...drivers },
  { family: 'drivers', when: { volume: /^VMware[ _]?Tools/i }, id: 'vmware-tools', name: 'VMware Tools', ...drivers },
  { family: 'drivers', when: { volume: /^(?:Parallels[ _]?Tools|prl-?tools)/i }, id: 'parallels-tools', name: 'Parallels Tools', ...drivers },
  { family: 'drivers', when: { volume: /^VMGUEST/i }, id: 'hyper-v-services', name: 'Hyper-V Integration Services', ...drivers },
  { family: 'drivers', when: { volume: /^(?:XenServer[ _-](?:VM )?Tools|XCP-?ng[ _-]Tools|Citrix VM Tools)/i }, id: 'xen-tools', name: 'XenServer VM Tools', ...drivers },
  { family: 'drivers', when: { volume: /^(?:SPICE|spice-guest)/i }, id: 'spice-tools', name: 'SPICE guest tools', ...drivers },
  { family: 'drivers', when: { volume: /^(?:cidata|config-2)$/i }, id: 'cloud-init-seed', name: 'Settings for cloud-init', ...drivers },
  { family: 'drivers', when: { volume: /^OEMDRV$/ }, id: 'oemdrv', name: 'Drivers or answers for an installer', ...drivers },

  { family: 'haiku', when: { volume: /^haiku-nightly/i }, id: 'haikunightly', name: 'Haiku nightly', osinfo: 'haiku-os.org/haiku/nightly', kind: 'installer', pcOnly: true },
  { family: 'haiku', when: { volume: /^haiku-(?<release>r\d+)~(?<stage>(?:alpha|beta|rc)[\d.]+)/i }, id: 'haiku{release}{stage}', name: 'Haiku {release}/{stage}', osinfo: 'haiku-os.org/haiku/{release}{stage}', kind: 'installer', pcOnly: true },
  { family: 'haiku', when: { volume: /^haiku-(?<release>r\d+)\b/i }, id: 'haiku{release}', name: 'Haiku {release}', osinfo: 'haiku-os.org/haiku/{release}', kind: 'installer', pcOnly: true },
  { family: 'haiku', when: { volume: /^haiku\b/i }, id: 'haiku', name: 'Haiku', kind: 'installer', vague: true, pcOnly: true },
  { family: 'reactos', when: { volume: /^ReactOS[ _-]*(?:v)?(?<major>0)\.(?<minor>\d+)/i }, id: 'reactos{major}{.minor}', name: 'ReactOS {major}{.minor}', pcOnly: true },
  { family: 'reactos', when: { volume: /^ReactOS/i }, id: 'reactos', name: 'ReactOS', pcOnly: true, vague: true },
  { family: 'reactos', when: { publisher: /reactos/i }, id: 'reactos', name: 'ReactOS', pcOnly: true, vague: true },
  { family: 'freedos', when: { volume: /^(?:FD|FreeDOS[ _-]?)(?<major>\d)\.?(?<minor>\d)/i }, id: 'freedos{major}{.minor}', name: 'FreeDOS {major}{.minor}', osinfo: 'freedos.org/freedos/{major}{.minor}', pcOnly: true },
  { family: 'freedos', when: { volume: /^(?:FD-SETUP|FDI-CD)/ }, id: 'freedos1.2', name: 'FreeDOS 1.2', osinfo: 'freedos.org/freedos/1.2', pcOnly: true },
  { family: 'freedos', when: { volume: /^(?:FreeDOS|FDBOOTCD|FD-)/i }, id: 'freedos', name: 'FreeDOS', pcOnly: true, vague: true },
  { family: 'msdos', when: { volume: /^MS-?DOS/i }, id: 'msdos6.22', name: 'MS-DOS', osinfo: 'microsoft.com/msdos/6.22', pcOnly: true },
  { family: 'plan9', when: { volume: /9front/i }, id: '9front', name: '9front' },
  { family: 'plan9', when: { volume: /^plan[ _]?9/i }, id: 'plan9', name: 'Plan 9' },
  { family: 'redox', when: { volume: /^Redox/i }, id: 'redox', name: 'Redox OS', kind: 'live' },
  { family: 'minix', when: { volume: /^MINIX/i }, id: 'minix', name: 'MINIX' },
  { family: 'kolibrios', when: { volume: /^Kolibri/i }, id: 'kolibrios', name: 'KolibriOS', kind: 'live', pcOnly: true },
  { family: 'templeos', when: { volume: /^TempleOS/i }, id: 'templeos', name: 'TempleOS', kind: 'live', pcOnly: true },
  { family: 'os2', when: { volume: /^(?:ArcaOS|ARCA\d|eComStation|OS2)/i }, id: 'arcaos', name: 'ArcaOS, eComStation or OS/2', pcOnly: true },
  { family: 'openindiana', when: { volume: /^(?:OpenIndiana|OI_|OI-hipster)/i }, id: 'openindiana', name: 'OpenIndiana', osinfo: 'openindiana.org/hipster/rolling', pcOnly: true },
  { family: 'omnios', when: { volume: /^OmniOS/i }, id: 'omnios', name: 'OmniOS', osinfo: 'omnios.org/bloody/rolling', pcOnly: true },
  { family: 'smartos', when: { volume: /^(?:SmartOS|JoyentCloud|TritonDC)/i }, id: 'smartos', name: 'SmartOS', osinfo: 'smartos.org/smartos/rolling', kind: 'live', pcOnly: true },
  { family: 'tribblix', when: { volume: /^Tribblix/i }, id: 'tribblix', name: 'Tribblix', kind: 'live' },
  { family: 'solaris', when: { volume: /^(?:Oracle[ _-])?(?:SOL(?:ARIS)?)[ _-](?<major>\d+)(?:[ _.-](?<minor>\d+))?/i }, id: 'solaris{major}', name: 'Solaris {major}', osinfo: 'sun.com/solaris/{major}' },
  { family: 'solaris', when: { volume: /^(?:Oracle[ _-])?Solaris/i }, id: 'solaris', name: 'Solaris', vague: true },
  { family: 'esxi', when: { volume: /^ESXI?[ _-](?<major>\d+)[._](?<minor>\d+)/i }, id: 'esxi{major}{.minor}', name: 'VMware ESXi {major}{.minor}', pcOnly: true },
  { family: 'esxi', when: { volume: /^(?:ESXI?|VMVISOR)/i }, id: 'esxi', name: 'VMware ESXi', pcOnly: true, vague: true },
  { family: 'macos', when: { volume: /^(?:Install[ _])?(?:macOS|OS X|Mac OS X)[ _](?<name>[A-Za-z ]+)/ }, id: 'macos', name: 'macOS {name}' },
  { family: 'macos', when: { volume: /^(?:Install[ _])?(?:macOS|Mac OS X|OS X)/i }, id: 'macos', name: 'macOS' },
  { family: 'memtest', when: { volume: /^(?:MEMTEST|MT86PLUS|MT\d+PLUS)/i }, id: 'memtest86', name: 'Memtest86+', kind: 'live', pcOnly: true },
  { family: 'netboot', when: { volume: /^(?:iPXE|netboot\.?xyz)/i }, id: 'netboot', name: 'Network boot loader', kind: 'live' },
  { family: 'supergrub', when: { volume: /^(?:SUPERGRUB|SGD)/i }, id: 'supergrub', name: 'Super GRUB2 Disk', kind: 'live' },
  { family: 'netware', when: { volume: /^NETWARE/i }, id: 'netware', name: 'NetWare', vague: true, pcOnly: true },
];
