// SPDX-License-Identifier: Apache-2.0
//
// May this machine's memory be kept from this PC? Facts: QEMU's docs/system/i386/amd-memory-encryption.rst and tdx.rst.
import type { MachineDefinition } from '../../contract/machine.ts';
import type { ConfidentialKind } from '../../host/confidential.ts';
import type { Reason } from '../driver.ts';
import type { Opinion } from './part.ts';
import type { QemuReport } from './report.ts';
import { chooseConfidentialFirmware, type ConfidentialFirmware } from './sealed-firmware.ts';

export const kindNames: Readonly<Record<ConfidentialKind, string>> = {
  sev: 'SEV',
  'sev-es': 'SEV-ES',
  'sev-snp': 'SEV-SNP',
  tdx: 'TDX',
};

/** QEMU's name of the object, and the first version that has it. */
export const guestObjects: Readonly<Record<ConfidentialKind, { type: string; since: string }>> = {
  sev: { type: 'sev-guest', since: '2.12' },
  'sev-es': { type: 'sev-guest', since: '6.0' },
  'sev-snp': { type: 'sev-snp-guest', since: '9.1' },
  tdx: { type: 'tdx-guest', since: '10.1' },
};

export function confidentialKind({ confidential }: MachineDefinition): ConfidentialKind | null {
  return confidential === undefined || confidential === 'none' ? null : confidential;
}

const reason = (code: string, text: string, hint: string): Reason[] => [
  { code: `confidential-${code}`, text, hint },
];

/** Why guests of this kind cannot run here, whatever the machine. Empty: they can. */
export function obstacles(kind: ConfidentialKind, report: QemuReport): Reason[] {
  const { architecture, answers, accelerator, binary, version, confidential: host } = report;
  const name = kindNames[kind];
  const none = 'or set confidential to none.';
  if (architecture !== 'x86_64')
    return reason('architecture', `${name} encrypts x86_64 guests only.`, 'Set confidential to none.');
  const { type, since } = guestObjects[kind];
  const amd = kind !== 'tdx';
  const settings = amd
    ? 'AMD EPYC has it: switch on SME/SEV (and SNP) in the firmware of this PC and kvm_amd.sev=1 (sev_es, sev_snp) in the kernel,'
    : 'Xeons of the 5th generation and newer have it: switch on TDX in the firmware of this PC and kvm_intel.tdx=1 in the kernel (6.16 or newer),';
  return [
    ...(answers.objects.includes(type)
      ? []
      : reason(
          'vmm',
          `${binary} (version ${version}) has no ${type}, which ${name} needs.`,
          `Install QEMU ${since} or newer, ${none}`,
        )),
    ...(accelerator.accelerator === 'kvm'
      ? []
      : reason('kvm', `${name} needs KVM: ${accelerator.explanation}`, `Make KVM work, ${none}`)),
    ...(host.kinds.includes(kind)
      ? []
      : reason('host', `KVM of this PC does not offer ${name}.`, `${settings} ${none}`)),
    ...(amd && host.kinds.includes(kind) && host.sevDevice !== null
      ? reason(
          'device',
          `/dev/sev cannot be used: ${host.sevDevice}.`,
          `Let your user open /dev/sev, e.g. by a udev rule with GROUP="kvm" and MODE="0660", ${none}`,
        )
      : []),
    ...(amd && host.kinds.includes(kind) && host.sevDevice === null && host.sev === null
      ? reason('numbers', `QEMU could not ask this PC about SEV: ${host.problem}.`, `Update QEMU, ${none}`)
      : []),
  ];
}

export function judgeConfidential(definition: MachineDefinition, report: QemuReport): Opinion {
  const kind = confidentialKind(definition);
  if (kind === null) return {};
  const name = kindNames[kind];
  const { boot, board, memory, sgx } = definition;
  const { lockableBytes } = report.confidential;
  const refusals: Reason[] = [...obstacles(kind, report)];
  const refuse = (code: string, text: string, hint: string): void => {
    refusals.push({ code: `confidential-${code}`, text, hint });
  };
  if (report.architecture === 'x86_64') {
    if (boot.type === 'bios')
      refuse('bios', `A BIOS cannot start a guest with ${name}.`, 'Set boot.type to uefi or kernel.');
    else if (firmwareOf(definition, report) === null) refusals.push(noFirmware(definition, kind, report));
  }
  if (board === 'micro') refuse('board', `The micro board cannot have ${name}.`, 'Set board to standard.');
  if (sgx !== undefined)
    refuse('sgx', `${name} and SGX do not go together.`, 'Take sgx out of the definition.');
  // Pages that the processor encrypts for a guest cannot move. KVM pins them, within what a user may lock.
  if ((kind === 'sev' || kind === 'sev-es') && lockableBytes !== null && lockableBytes < memory)
    refuse(
      'locked-memory',
      `${name} pins all memory of the guest, and this user may only lock ${Math.floor(lockableBytes / 2 ** 20)} MiB.`,
      'Raise the limit "memlock" of your user (/etc/security/limits.d) and LimitMEMLOCK of the service above the memory of the machine.',
    );
  return { refusals, losses: refusals.length > 0 ? [] : losses(definition, kind, report) };
}

function losses(definition: MachineDefinition, kind: ConfidentialKind, report: QemuReport): Reason[] {
  const name = kindNames[kind];
  const { boot, balloon } = definition;
  const sealed = firmwareOf(definition, report)?.type === 'sealed';
  return [
    ...(balloon
      ? [
          {
            code: 'confidential-no-balloon',
            text: `With ${name} the memory of the guest stays where it is, so it gets no balloon.`,
            hint: 'Set balloon to false.',
          },
        ]
      : []),
    ...(sealed && boot.type === 'uefi'
      ? [
          {
            code: 'confidential-no-variables',
            text: `The firmware for ${name} keeps no UEFI variables: nobody could tell whether this PC changed them.`,
            hint: 'The boot loader at its default place (EFI/BOOT) is started.',
          },
        ]
      : []),
    ...(kind === 'sev'
      ? []
      : [
          {
            code: 'confidential-no-reset',
            text: `With ${name} nobody but the guest may write its registers, so it cannot be reset: a restart powers it off.`,
            hint: 'Start it again after it powered off.',
          },
        ]),
  ];
}

function noFirmware({ boot }: MachineDefinition, kind: ConfidentialKind, { firmware }: QemuReport): Reason {
  const name = kindNames[kind];
  const looked = `looked in ${firmware.looked.join(', ')}`;
  if (boot.type === 'uefi' && boot.secureBoot)
    return {
      code: 'confidential-secure-boot',
      text: `No firmware here has ${name} and Secure Boot (${looked}). The usual one protects its keys by System Management Mode, which ${kind === 'sev' ? 'few images combine with SEV' : `guests with ${name} do not have`}.`,
      hint: 'Set boot.secureBoot to false: what starts is measured instead.',
    };
  return {
    code: 'confidential-firmware-missing',
    text: `No UEFI firmware with the feature ${kind === 'tdx' ? 'intel-tdx' : `amd-${kind}`} is installed (${looked}).`,
    hint: `Install the OVMF of your distribution that is made for ${kind === 'tdx' ? 'TDX' : 'SEV'} (Debian: ovmf-${kind === 'tdx' ? 'inteltdx' : 'amdsev'}, Fedora: edk2-ovmf).`,
  };
}

/** The firmware that a confidential machine would get on this PC. */
export function firmwareOf(definition: MachineDefinition, report: QemuReport): ConfidentialFirmware | null {
  const kind = confidentialKind(definition);
  const machine = report.answers.machine;
  if (kind === null || machine === undefined) return null;
  const { boot } = definition;
  const secureBoot = boot.type === 'uefi' && boot.secureBoot;
  const kernel = boot.type === 'kernel' || boot.type === 'guest-kernel';
  return chooseConfidentialFirmware(report.firmware, { kind, machine: machine.name, secureBoot, kernel });
}

/** Is there firmware for such guests at all? */
export function startsConfidential(kind: ConfidentialKind, { firmware, answers }: QemuReport): boolean {
  if (answers.machine === undefined) return false;
  const wish = { kind, machine: answers.machine.name, secureBoot: false, kernel: false };
  return chooseConfidentialFirmware(firmware, wish) !== null;
}
