// SPDX-License-Identifier: Apache-2.0
//
// One table a VMM says what it can do; from it come both the list that people read and the verdict on a machine.
import type { MachineDefinition, VmmName } from '../contract/machine.ts';
import { vmmFeatures, type VmmClaim, type VmmFeature } from '../contract/vmm.ts';
import type { Reason, Verdict } from './driver.ts';
import { clockOf, isWindows } from './guest-os.ts';

export type Ability = Pick<VmmClaim, 'possible' | 'source' | 'detail'>;
export type Abilities = Readonly<Record<VmmFeature, Ability>>;

export const can = (source: Ability['source'], detail = ''): Ability => ({ possible: 'yes', source, detail });
export const partly = (source: Ability['source'], detail: string): Ability => ({
  possible: 'partly',
  source,
  detail,
});
export const cannot = (source: Ability['source'], detail: string): Ability => ({
  possible: 'no',
  source,
  detail,
});

/** The table as people read it. */
export function claimsOf(abilities: Abilities): VmmClaim[] {
  return vmmFeatures.map((feature) => ({ feature, ...abilities[feature] }));
}

/** What a machine may want that a VMM may not have. */
interface Wish {
  feature: VmmFeature;
  wanted(definition: MachineDefinition): boolean;
  /** A machine that lacks it is not worth starting, or would be damaged; otherwise it runs without */
  needed: boolean;
  /** "Secure Boot": the beginning of "NAME is not possible" */
  what: string;
  hint: string;
}

const useQemu = 'Run it with QEMU (vmm: qemu, or auto), or';

const wishes: readonly Wish[] = [
  {
    feature: 'windows',
    wanted: isWindows,
    needed: true,
    what: 'Windows as a guest',
    hint: 'Run it with QEMU (vmm: qemu, or auto).',
  },
  {
    feature: 'bios',
    wanted: ({ boot }) => boot.type === 'bios',
    needed: true,
    what: 'Booting with a BIOS',
    hint: `${useQemu} install the system for UEFI.`,
  },
  {
    feature: 'uefi',
    wanted: ({ boot }) => boot.type === 'uefi',
    needed: true,
    what: 'Booting with UEFI',
    hint: `${useQemu} boot the guest's own kernel: "phyllome switch" does that.`,
  },
  {
    feature: 'uefi-variables',
    wanted: ({ boot }) => boot.type === 'uefi',
    needed: false,
    what: 'Keeping UEFI variables (the boot order and entries that a guest writes)',
    hint: 'The boot loader at its default place (EFI/BOOT) is started; "phyllome switch" checks that it is there.',
  },
  {
    feature: 'secure-boot',
    wanted: ({ boot }) => boot.type === 'uefi' && boot.secureBoot,
    needed: true,
    what: 'Secure Boot',
    hint: `${useQemu} set boot.secureBoot to false.`,
  },
  {
    feature: 'kernel-boot',
    wanted: ({ boot }) => boot.type === 'kernel' || boot.type === 'guest-kernel',
    needed: true,
    what: 'Booting a kernel directly',
    hint: 'Set boot.type to uefi.',
  },
  {
    feature: 'tpm',
    wanted: ({ tpm }) => tpm === 'emulated',
    needed: true,
    what: 'A TPM',
    hint: `${useQemu} set tpm to none; what the guest sealed with its TPM cannot be read without it.`,
  },
  {
    feature: 'host-tpm',
    wanted: ({ tpm }) => tpm === 'passthrough',
    needed: true,
    what: 'The TPM of this PC',
    hint: `${useQemu} set tpm to emulated or none; what the guest sealed with the TPM cannot be read without it.`,
  },
  {
    feature: 'qcow2',
    wanted: ({ disks }) => disks.some(({ format }) => format === 'qcow2'),
    needed: true,
    what: 'A disk in the format qcow2',
    hint: '"phyllome switch" converts the disks to raw, which every VMM can use.',
  },
  {
    feature: 'disk-encryption',
    wanted: ({ encryption }) => encryption !== undefined,
    needed: true,
    what: 'Encrypting the disks',
    hint: `${useQemu} end the encryption with "phyllome decrypt".`,
  },
  {
    feature: 'disk-buses',
    wanted: ({ disks }) => disks.some(({ bus }) => bus !== 'virtio'),
    needed: false,
    what: 'Another disk bus than virtio',
    hint: 'The disks become virtio disks; Linux finds them by their UUID, but not as /dev/sda.',
  },
  {
    feature: 'disk-limits',
    wanted: ({ disks }) => disks.some(({ limits }) => limits !== undefined),
    needed: false,
    what: 'Limiting what a guest asks of a disk',
    hint: 'The guest may use all that the storage of this PC can do; QEMU keeps to the limits.',
  },
  {
    feature: 'cdrom',
    wanted: ({ removable }) => removable.some(({ file }) => file !== undefined),
    needed: false,
    what: 'A drive for CDs and DVDs',
    hint: 'The medium is shown as a read-only disk; installers may not find it. Install with QEMU.',
  },
  {
    feature: 'user-network',
    wanted: ({ nics }) => nics.some(({ type }) => type === 'user'),
    needed: true,
    what: 'Network without set-up (a card of type user)',
    hint: 'Set the type of the card to none.',
  },
  {
    feature: 'port-forwards',
    wanted: ({ nics }) => nics.some((nic) => nic.type === 'user' && nic.forwards.length > 0),
    needed: false,
    what: 'Forwarding ports of this PC to the guest',
    hint: 'The guest still reaches the network; nobody reaches it by these ports.',
  },
  {
    feature: 'bridge',
    wanted: ({ nics }) => nics.some(({ type }) => type === 'bridge'),
    needed: true,
    what: 'A network card on a bridge of this PC',
    hint: 'Set the type of the card to user.',
  },
  {
    feature: 'serial-console',
    wanted: ({ serialPorts }) => serialPorts > 0,
    needed: false,
    what: 'A serial console',
    hint: 'Use the network to reach the guest.',
  },
  {
    feature: 'display',
    wanted: ({ display }) => display.type !== 'none',
    needed: false,
    what: 'A screen',
    hint: 'Use the serial console, or remote desktop inside the guest. QEMU has a screen.',
  },
  {
    feature: 'sound',
    wanted: ({ sound }) => sound !== 'none',
    needed: false,
    what: 'Sound',
    hint: 'QEMU has it.',
  },
  {
    feature: 'local-clock',
    wanted: (definition) => clockOf(definition) === 'local',
    needed: false,
    what: 'A clock in local time',
    hint: 'Windows keeps UTC, too: set RealTimeIsUniversal to 1 in its registry (TimeZoneInformation).',
  },
  {
    feature: 'guest-agent',
    wanted: ({ agent }) => agent,
    needed: false,
    what: 'The channel of the QEMU guest agent',
    hint: 'Whether the guest is up is read from its serial console.',
  },
  {
    feature: 'vsock',
    wanted: ({ vsock }) => vsock !== undefined,
    needed: false,
    what: 'vsock',
    hint: 'Use the network to talk to the guest.',
  },
  {
    feature: 'shares',
    wanted: ({ shares }) => shares.length > 0,
    needed: false,
    what: 'Shared folders',
    hint: 'Copy files over the network instead.',
  },
  {
    feature: 'pci-devices',
    wanted: ({ devices }) => devices.some(({ type }) => type === 'pci'),
    needed: true,
    what: 'A PCI device of this PC',
    hint: 'Take the devices out of the definition.',
  },
  {
    feature: 'usb-devices',
    wanted: ({ devices }) => devices.some(({ type }) => type === 'usb'),
    needed: true,
    what: 'A USB device of this PC',
    hint: 'Take the devices out of the definition.',
  },
  {
    feature: 'balloon',
    wanted: ({ balloon }) => balloon,
    needed: false,
    what: 'A memory balloon',
    hint: 'The guest keeps memory that it once used.',
  },
  ...(['sev', 'sev-es', 'sev-snp', 'tdx'] as const).map((feature) => ({
    feature,
    wanted: ({ confidential }: MachineDefinition) => confidential === feature,
    needed: true,
    what: `Memory encrypted by ${feature.toUpperCase()}`,
    hint: 'Set confidential to none, or use a PC and a VMM that have it; "phyllome vmms" shows which.',
  })),
  {
    feature: 'sgx',
    wanted: ({ sgx }) => sgx !== undefined,
    needed: true,
    what: 'SGX enclaves',
    hint: 'Take sgx out of the definition.',
  },
];

/**
 * What a machine would have to do without on a VMM that says this of itself. The code of each reason is
 * "no-FEATURE", or "partly-FEATURE" when it has a part of it. Pure.
 */
export function judgeAbilities(vmm: VmmName, definition: MachineDefinition, abilities: Abilities): Verdict {
  const verdict: Verdict = { refusals: [], losses: [] };
  for (const { feature, wanted, needed, what, hint } of wishes) {
    const { possible, detail } = abilities[feature];
    if (possible === 'yes' || !wanted(definition)) continue;
    const because = detail === '' ? '' : `: ${detail}`;
    const reason: Reason =
      possible === 'no'
        ? { code: `no-${feature}`, text: `${what} is not possible with ${vmm}${because}.`, hint }
        : { code: `partly-${feature}`, text: `${what} is limited with ${vmm}${because}.`, hint };
    (needed && possible === 'no' ? verdict.refusals : verdict.losses).push(reason);
  }
  return verdict;
}
