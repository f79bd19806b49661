// SPDX-License-Identifier: Apache-2.0
import { speaksVhostUser } from '../../host/passt-command.ts';
import { can, cannot, partly, type Abilities, type Ability } from '../abilities.ts';
import { kvmAbility } from '../lean.ts';
import { hasOption, type CrosvmReport } from './report.ts';

/** What this crosvm on this PC can do; machines are judged by the same table. */
export function abilitiesOf(report: CrosvmReport): Abilities {
  const { answers, kvm, vhostVsock } = report;
  const notYet = cannot('design', 'it is not built into Phyllome yet');
  const never = cannot('design', '');
  return {
    kvm: kvmAbility(kvm),
    'foreign-architecture': cannot('design', 'it knows nothing but KVM'),
    windows: cannot('design', 'it starts Linux kernels'),
    bios: never,
    uefi: cannot(
      'version',
      'no firmware is published for it; "phyllome switch" boots the guest\'s own kernel',
    ),
    'uefi-variables': never,
    'secure-boot': never,
    'kernel-boot': can('design'),
    micro: can('design'),
    tpm: cannot('design', 'it can only pass on the one of ChromeOS'),
    'host-tpm': cannot('design', 'it only has one that simulates a TPM'),
    qcow2: answers.commands.includes('create_qcow2')
      ? partly('asked', 'it tells formats by the content and cannot be told one')
      : cannot('asked', 'this crosvm was built without it'),
    'disk-encryption': cannot('design', 'it reads no encrypted images'),
    cdrom: cannot('design', 'a medium becomes a read-only disk'),
    'disk-buses': cannot('design', 'it has virtio disks only'),
    'disk-limits': cannot('design', 'it has none'),
    'user-network': networkAbility(report),
    'port-forwards': can('design'),
    bridge: cannot('design', 'it needs root to be made, which is not there yet'),
    'serial-console': can('design'),
    display: cannot('design', 'it opens a window of its own, which cannot be shown in the page'),
    keyboard: cannot('design', 'only its own window has one'),
    sound: cannot('version', 'it plays into nothing but the sound server of ChromeOS'),
    'local-clock': cannot('design', 'it shows UTC'),
    clipboard: never,
    'guest-agent': cannot('design', 'it has no channel for it'),
    vsock: !hasOption(report, '--vsock')
      ? cannot('asked', 'this crosvm has no --vsock')
      : vhostVsock
        ? can('host')
        : cannot('host', '/dev/vhost-vsock cannot be opened'),
    shares: sharesAbility(report),
    'pci-devices': notYet,
    'usb-devices': notYet,
    balloon: balloonAbility(report),
    pause: can('design'),
    'power-button': can('design'),
    reset: can('design', 'it is ended and started again'),
    'media-change': never,
    save: cannot('design', 'its snapshots are experimental'),
    'load-counters': cannot('design', 'it counts nothing that can be asked for'),
    sev: never,
    'sev-es': never,
    'sev-snp': never,
    tdx: never,
    sgx: never,
  };
}

function networkAbility(report: CrosvmReport): Ability {
  const { passt } = report;
  if (!hasOption(report, '--vhost-user')) return cannot('asked', 'this crosvm has no --vhost-user');
  if (!passt.available) return cannot('host', passt.reason);
  if (speaksVhostUser(passt)) return can('host', 'through passt');
  return cannot('host', 'this passt does not speak vhost-user; 2024_11_27 and newer do');
}

/** Without its sandbox, crosvm still moves into a shared folder as into a new root, and only root may. */
export function canShare({ sandbox }: Pick<CrosvmReport, 'sandbox'>): boolean {
  return sandbox.usable || sandbox.root;
}

function sharesAbility(report: CrosvmReport): Ability {
  if (!hasOption(report, '--shared-dir')) return cannot('asked', 'this crosvm has no --shared-dir');
  if (!canShare(report))
    return cannot(
      'host',
      `its sandbox does not work here (${report.sandbox.reason}), and it shares nothing without`,
    );
  return can('asked', 'not read-only, and not folders with a colon in their name');
}

function balloonAbility(report: CrosvmReport): Ability {
  if (!hasOption(report, '--no-balloon')) return cannot('asked', 'this crosvm was built without it');
  return hasOption(report, '--balloon-page-reporting')
    ? can('asked')
    : partly('asked', 'the guest does not tell which memory is free');
}
