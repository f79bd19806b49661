// SPDX-License-Identifier: Apache-2.0
//
// What VMMs are chosen for, in the words of the command line. Short enough for a table with four VMMs beside it.
import type { VmmClaim, VmmFeature } from '../contract/vmm.ts';

export const featureWords: Readonly<Record<VmmFeature, string>> = {
  kvm: 'KVM (guests at full speed)',
  'foreign-architecture': 'Guests of another architecture',
  windows: 'Windows',
  bios: 'BIOS',
  uefi: 'UEFI',
  'uefi-variables': 'UEFI settings are kept',
  'secure-boot': 'Secure Boot',
  'kernel-boot': 'Booting a kernel directly',
  micro: 'Micro machines',
  tpm: 'TPM',
  qcow2: 'Disks in the format qcow2',
  cdrom: 'CD drive',
  'disk-buses': 'SATA, SCSI, NVMe and USB disks',
  'user-network': 'Network without set-up',
  'port-forwards': 'Forwarded ports',
  bridge: 'Network by a bridge',
  'serial-console': 'Serial console',
  display: 'Screen',
  keyboard: 'Keyboard',
  sound: 'Sound',
  clipboard: 'Clipboard',
  'guest-agent': 'Guest agent',
  vsock: 'vsock',
  shares: 'Shared folders',
  'pci-devices': 'PCI devices of this PC',
  'usb-devices': 'USB devices of this PC',
  balloon: 'Memory balloon',
  pause: 'Pause',
  'power-button': 'Power button',
  reset: 'Reset',
  'media-change': 'Other media while it runs',
  'load-counters': 'Load of disks and network',
  sev: 'AMD SEV',
  'sev-es': 'AMD SEV-ES',
  'sev-snp': 'AMD SEV-SNP',
  tdx: 'Intel TDX',
  sgx: 'Intel SGX',
};

/** How we know something of a VMM. */
export function sourceWords({ source, possible }: Pick<VmmClaim, 'source' | 'possible'>): string {
  switch (source) {
    case 'asked':
      return 'it says so itself';
    case 'version':
      return 'known of this version';
    case 'design':
      return possible === 'no' ? 'not possible by its design' : 'so by its design';
    case 'host':
      return 'found out on this PC';
  }
}
