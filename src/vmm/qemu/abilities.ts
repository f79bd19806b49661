// SPDX-License-Identifier: Apache-2.0
import { can, cannot, partly, type Abilities, type Ability } from '../abilities.ts';
import type { ConfidentialKind } from '../../host/confidential.ts';
import type { Reason } from '../driver.ts';
import { firmwareFor } from './boot.ts';
import { obstacles, startsConfidential } from './confidential.ts';
import { hasDevice } from './part.ts';
import type { QemuReport } from './report.ts';
import { sgxObstacles } from './sgx.ts';

/** What this QEMU on this PC can do. Machines are judged concern by concern (judge.ts), which knows more. */
export function abilitiesOf(report: QemuReport): Abilities {
  const { architecture, accelerator, answers, tools, passt } = report;
  const x86 = architecture === 'x86_64';
  const device = (...names: string[]): Ability =>
    names.some((name) => hasDevice(report, name))
      ? can('asked')
      : cannot('asked', `this QEMU has no device ${names.join(' or ')}`);
  const foreign = accelerator.reason === 'foreign-architecture';
  const confidential = (kind: ConfidentialKind): Ability => {
    const [obstacle] = obstacles(kind, report);
    if (obstacle !== undefined) return because(obstacle);
    return startsConfidential(kind, report) ? can('host') : cannot('host', 'no firmware for it is installed');
  };
  const [noSgx] = sgxObstacles(report);
  return {
    kvm: accelerator.accelerator === 'kvm' ? can('host') : partly('host', accelerator.explanation),
    'foreign-architecture': foreign
      ? can('host', 'its processor is played in software (TCG)')
      : can('design', 'with the qemu-system of that architecture'),
    windows: x86 || architecture === 'aarch64' ? can('design') : cannot('design', 'there is no such Windows'),
    bios: x86 ? can('design') : cannot('design', `${architecture} has no BIOS`),
    uefi: firmwareFor(report, false) !== null ? can('host') : cannot('host', 'no firmware is installed'),
    'uefi-variables': can('design'),
    'secure-boot':
      firmwareFor(report, true) !== null
        ? can('host')
        : cannot('host', 'no firmware with Secure Boot and enrolled keys is installed'),
    'kernel-boot': can('design'),
    micro:
      x86 && answers.microvm
        ? can('asked', 'as the board microvm, with KVM')
        : partly('design', `${architecture} has no smaller board`),
    tpm: tools.swtpm.path === null ? cannot('host', 'swtpm is not installed') : can('asked'),
    'host-tpm': report.hostTpm === null ? can('host') : cannot('host', report.hostTpm),
    qcow2: can('design'),
    'disk-encryption': can('design', 'LUKS in qcow2'),
    cdrom: can('design'),
    'disk-buses': can('design'),
    'disk-limits': can('design'),
    'user-network': passt.available || answers.netdevs.includes('user') ? can('asked') : cannot('asked', ''),
    'port-forwards': can('design'),
    bridge: report.cables === null ? can('host') : cannot('host', report.cables),
    'serial-console': can('design'),
    display: answers.vnc ? can('asked') : cannot('asked', 'it was built without VNC'),
    keyboard: can('design'),
    sound: device('intel-hda', 'virtio-sound-pci'),
    'local-clock': can('design'),
    clipboard: answers.chardevs.includes('qemu-vdagent') ? can('asked') : cannot('asked', ''),
    'guest-agent': can('design'),
    vsock: report.vhostVsock ? can('host') : cannot('host', '/dev/vhost-vsock cannot be opened'),
    shares: report.virtiofsd.current ? can('asked') : cannot('host', 'no current virtiofsd is installed'),
    'pci-devices': cannot('design', 'it is not built into Phyllome yet'),
    'usb-devices': cannot('design', 'it is not built into Phyllome yet'),
    balloon: can('design'),
    pause: can('design'),
    'power-button':
      architecture === 'riscv64'
        ? partly('design', 'the board has no button; the agent in the guest is asked to power off')
        : can('design'),
    reset: can('design'),
    'media-change': can('design'),
    save: can('design', 'but for guests with encrypted memory, shared folders, NVMe disks or enclaves'),
    'load-counters': can('design'),
    sev: confidential('sev'),
    'sev-es': confidential('sev-es'),
    'sev-snp': confidential('sev-snp'),
    tdx: confidential('tdx'),
    sgx: noSgx === undefined ? can('host') : because(noSgx),
  };
}

/** What is in the way, as a claim: of the architecture, of this QEMU, or of this PC. */
function because({ code, text }: Reason): Ability {
  const detail = text.replace(/\.$/, '');
  if (code.endsWith('-architecture')) return cannot('design', detail);
  return cannot(code.endsWith('-vmm') ? 'asked' : 'host', detail);
}
