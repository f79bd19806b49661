// SPDX-License-Identifier: Apache-2.0
import { speaksVhostUser } from '../../host/passt-command.ts';
import { can, cannot, partly, type Abilities, type Ability } from '../abilities.ts';
import { kvmAbility } from '../lean.ts';
import type { CloudHypervisorReport } from './report.ts';

/** What this Cloud Hypervisor on this PC can do; limits that depend on the machine are in judge.ts. */
export function abilitiesOf(report: CloudHypervisorReport): Abilities {
  const { architecture, kvm, tools, virtiofsd } = report;
  const riscv = architecture === 'riscv64';
  const network = networkAbility(report);
  return {
    kvm: kvmAbility(kvm),
    'foreign-architecture': cannot('design', 'it needs KVM, which runs guests of the PC’s own kind'),
    windows: windowsAbility(report),
    bios: cannot('design', 'it has no BIOS'),
    uefi: uefiAbility(report),
    'uefi-variables': cannot('design', 'it opens the firmware read-only'),
    'secure-boot': cannot('design', 'it keeps no UEFI variables, so there is no place for keys'),
    'kernel-boot': can('design'),
    micro: can('design'),
    tpm: riscv
      ? cannot('design', 'it has none for riscv64')
      : tools.swtpm.path === null
        ? cannot('host', 'swtpm is not installed')
        : partly(
            'version',
            'a command that takes longer than 0.1 s fails, as the making of RSA keys may, and on a busy PC others, too',
          ),
    'host-tpm': cannot('design', 'it only speaks to swtpm'),
    qcow2: can('version', 'version 3, with backing files; snapshots inside the image cannot be used'),
    'disk-encryption': cannot('design', 'it reads no encrypted images'),
    cdrom: partly('design', 'it has no drives, so a medium is a read-only disk that cannot be changed'),
    'disk-buses': cannot('design', 'it has virtio disks only'),
    'disk-limits': cannot('design', 'it counts reading and writing together'),
    'user-network': network,
    'port-forwards': network,
    bridge: cannot('design', 'it needs root to be made, which is not there yet'),
    'serial-console': can('design'),
    display: cannot('design', 'it has no graphics at all'),
    keyboard: cannot('design', 'it has none; the serial console has'),
    sound: cannot('design', 'it has none'),
    'local-clock': cannot('design', 'it shows UTC'),
    clipboard: cannot('design', 'it has no channel for it'),
    'guest-agent': cannot('design', 'it has no ports for agents'),
    vsock: can('design', 'by a unix socket of this PC'),
    shares:
      tools.virtiofsd.path === null
        ? cannot('host', 'virtiofsd is not installed')
        : virtiofsd.current
          ? can('host')
          : cannot('host', 'the installed virtiofsd is the old one, which only works for root'),
    'pci-devices': cannot('design', 'it is not built into Phyllome yet'),
    'usb-devices': cannot('design', 'it has no USB'),
    balloon: can('design'),
    pause: can('asked'),
    'power-button': riscv ? cannot('version', 'not made for riscv64 yet') : can('asked'),
    reset: can('asked'),
    'media-change': cannot('design', 'it has no drives'),
    save: cannot('design', 'it has snapshots of its own, which Phyllome does not use'),
    'load-counters': partly('asked', 'of the disks; passt does not count what goes through the network'),
    sev: cannot('design', 'it knows SEV-SNP only'),
    'sev-es': cannot('design', 'it knows SEV-SNP only'),
    'sev-snp': cannot('design', 'it needs a guest packed as IGVM, which Phyllome does not make'),
    tdx: cannot('version', 'this feature of it cannot be built'),
    sgx: cannot('version', 'removed with version 48'),
  };
}

function uefiAbility({ architecture, firmware }: CloudHypervisorReport): Ability {
  if (architecture === 'riscv64') return cannot('design', 'there is no firmware for it');
  if (firmware.found === null)
    return cannot('host', 'its firmware is not installed, and the one of QEMU does not work in it');
  if (firmware.found.kind === 'edk2') return can('host');
  return partly('host', `${firmware.found.file} starts a Linux from the first disk, and nothing else`);
}

function windowsAbility({ architecture, firmware }: CloudHypervisorReport): Ability {
  if (architecture !== 'x86_64') return cannot('design', 'its makers try it on x86_64 only');
  if (firmware.found !== null && firmware.found.kind !== 'edk2')
    return cannot('host', 'the firmware hypervisor-fw cannot start it; CLOUDHV.fd can');
  return partly(
    'design',
    'there is no screen: install it with QEMU, with the virtio drivers for disk and network, and turn on remote desktop (RDP) in it; the serial console has its emergency prompt (SAC) where that is turned on',
  );
}

function networkAbility({ passt }: CloudHypervisorReport): Ability {
  if (!passt.available) return cannot('host', passt.reason);
  if (speaksVhostUser(passt)) return can('asked', 'by passt');
  return cannot('asked', 'this passt cannot speak vhost-user; 2024_11_27 and newer can (Debian 13 has it)');
}
