// SPDX-License-Identifier: Apache-2.0
import { can, cannot, partly, type Abilities, type Ability } from '../abilities.ts';
import { kvmAbility } from '../lean.ts';
import { atLeast } from '../version.ts';
import { takesBzImage } from './answers.ts';
import type { FirecrackerReport } from './report.ts';

/** What this Firecracker on this PC can do; limits that depend on the machine are in judge.ts. */
export function abilitiesOf(report: FirecrackerReport): Abilities {
  const { architecture, answers, kvm, pasta } = report;
  const x86 = architecture === 'x86_64';
  const none = cannot('design', 'it has none');
  return {
    kvm: kvmAbility(kvm),
    'foreign-architecture': cannot('design', 'it needs KVM, which runs guests of the PC’s own kind'),
    windows: cannot('design', 'it starts Linux only'),
    bios: cannot('design', 'it has no firmware'),
    uefi: cannot('design', 'it has no firmware'),
    'uefi-variables': cannot('design', 'it has no firmware'),
    'secure-boot': cannot('design', 'it has no firmware'),
    'kernel-boot': kernelAbility(report),
    micro: can('design', 'it was made for that'),
    tpm: none,
    'host-tpm': none,
    qcow2: cannot('design', 'it has raw disks only'),
    'disk-encryption': cannot('design', 'it reads no encrypted images'),
    cdrom: partly('design', 'it has no drives, so a medium is a read-only disk that cannot be changed'),
    'disk-buses': cannot('design', 'it has virtio disks only'),
    'disk-limits': cannot('design', 'it counts reading and writing together'),
    'user-network': pasta.available ? can('host', 'by pasta') : cannot('host', pasta.reason),
    'port-forwards': forwardAbility(report),
    bridge: cannot('design', 'it needs root to be made, which is not there yet'),
    'serial-console': can('design'),
    display: cannot('design', 'it has no graphics at all'),
    keyboard: cannot('design', 'it has none; the serial console has'),
    sound: none,
    'local-clock': cannot('design', 'it shows UTC'),
    clipboard: cannot('design', 'it has no channel for it'),
    'guest-agent': cannot('design', 'it has no ports for agents'),
    vsock: atLeast(answers.version, '1.17')
      ? can('design', 'by a unix socket of this PC')
      : partly('version', 'once the machine was paused, connections from this PC hang; 1.17 repairs that'),
    shares: cannot('design', 'it has no shared file systems'),
    'pci-devices': cannot('design', 'it gives no devices to guests'),
    'usb-devices': cannot('design', 'it has no USB'),
    balloon: partly('design', 'the guest gives memory back when it has none left, not before'),
    pause: can('design'),
    'power-button': x86
      ? partly('design', 'it presses Ctrl-Alt-Del, upon which Linux begins anew; that counts as powering off')
      : cannot('design', 'it has none on this architecture'),
    reset: partly('design', 'it is ended and started again'),
    'media-change': cannot('design', 'it has no drives'),
    save: cannot('design', 'it has snapshots of its own, which Phyllome does not use'),
    'load-counters': cannot('design', 'it writes them to a file once a minute, which Phyllome does not read'),
    sev: none,
    'sev-es': none,
    'sev-snp': none,
    tdx: none,
    sgx: none,
  };
}

function kernelAbility({ architecture, answers }: FirecrackerReport): Ability {
  if (architecture === 'riscv64') return cannot('design', 'it knows x86_64 and aarch64');
  if (architecture === 'aarch64') return can('design', 'a plain Image');
  return takesBzImage(answers)
    ? can('version', 'bzImage and unpacked kernels (vmlinux)')
    : can('version', 'unpacked kernels (vmlinux); "phyllome switch" unpacks them');
}

function forwardAbility({ pasta }: FirecrackerReport): Ability {
  if (!pasta.available) return cannot('host', pasta.reason);
  if (pasta.options.includes('--no-splice')) return can('asked', 'by pasta');
  return partly('asked', 'this pasta reaches the guest from other PCs, but not from 127.0.0.1 of this one');
}
