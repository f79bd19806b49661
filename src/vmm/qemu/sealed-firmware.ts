// SPDX-License-Identifier: Apache-2.0
//
// Firmware for confidential guests. Descriptors of distributions say which kinds an image can do. Images made for it
// are whole and keep no variables, because what is measured at the start must not change; for SEV and SEV-ES there are
// also ordinary pairs that can do it.
import type { ConfidentialKind } from '../../host/confidential.ts';
import { fitsBoard, type Firmware, type FirmwareTarget } from './firmware-choice.ts';

/** An image without variables. */
export interface SealedFirmware {
  descriptor: string;
  description: string;
  file: string;
  /** To be loaded into memory; otherwise it is meant for flash */
  inMemory: boolean;
  targets: FirmwareTarget[];
  kinds: ConfidentialKind[];
  secureBoot: boolean;
  enrolledKeys: boolean;
}

const kindOf: Readonly<Record<string, ConfidentialKind>> = {
  'amd-sev': 'sev',
  'amd-sev-es': 'sev-es',
  'amd-sev-snp': 'sev-snp',
  'intel-tdx': 'tdx',
};

/** The kinds among the features of a descriptor. */
export function kindsOf(features: readonly string[]): ConfidentialKind[] {
  return features.flatMap((feature) => kindOf[feature] ?? []);
}

export interface SealedWish {
  kind: ConfidentialKind;
  /** Full name of the board in this QEMU: pc-q35-9.1 */
  machine: string;
  secureBoot: boolean;
  /** QEMU loads the kernel: only a sealed image checks its hash */
  kernel: boolean;
}

export type ConfidentialFirmware =
  | { type: 'sealed'; firmware: SealedFirmware }
  | { type: 'pair'; firmware: Firmware };

const keys = (firmware: { secureBoot: boolean; enrolledKeys: boolean }): boolean =>
  firmware.secureBoot && firmware.enrolledKeys;

/** Picks the firmware for a confidential guest, sealed images first; null when none fits. Pure. */
export function chooseConfidentialFirmware(
  installed: { found: readonly Firmware[]; sealed: readonly SealedFirmware[] },
  { kind, machine, secureBoot, kernel }: SealedWish,
): ConfidentialFirmware | null {
  const board = { architecture: 'x86_64', machine } as const;
  const sealed = installed.sealed
    .filter((one) => one.kinds.includes(kind) && fitsBoard(one, board) && (!secureBoot || keys(one)))
    // Images for TDX come with keys; they still serve who did not ask for Secure Boot.
    .toSorted((one, other) => Number(keys(one) !== secureBoot) - Number(keys(other) !== secureBoot))[0];
  if (sealed !== undefined) return { type: 'sealed', firmware: sealed };
  // Flash of guests with encrypted state is memory that KVM cannot make read-only; and a pair checks no kernel.
  if (kernel || (kind !== 'sev' && kind !== 'sev-es')) return null;
  const pair = installed.found.find(
    (one) =>
      one.kinds.includes(kind) &&
      fitsBoard(one, board) &&
      keys(one) === secureBoot &&
      // System Management Mode needs registers that the VMM can write.
      !(kind === 'sev-es' && one.requiresSmm),
  );
  return pair === undefined ? null : { type: 'pair', firmware: pair };
}
