// SPDX-License-Identifier: Apache-2.0
import type { Architecture } from '../../contract/machine.ts';
import type { ConfidentialKind } from '../../host/confidential.ts';
import { atLeast, type Version } from '../version.ts';

export interface FirmwareFile {
  file: string;
  format: 'raw' | 'qcow2';
}

/** QEMU's RISC-V board takes a pair of code and variables since then; before, its first flash was something else. */
export const oldestRiscvUefi = '8.1';

/** Boards that firmware is for; names of boards are patterns: pc-q35-*. */
export interface FirmwareTarget {
  architecture: string;
  machines: string[];
}

/** A matched pair of firmware code and empty (or enrolled) variables, as a descriptor of the distribution names it. */
export interface Firmware {
  descriptor: string;
  description: string;
  code: FirmwareFile;
  vars: FirmwareFile;
  targets: FirmwareTarget[];
  secureBoot: boolean;
  enrolledKeys: boolean;
  requiresSmm: boolean;
  /** Of encrypted memory that it can start in */
  kinds: ConfidentialKind[];
}

export interface FirmwareWish {
  architecture: Architecture;
  /** Full name of the board in this QEMU: pc-q35-7.2 */
  machine: string;
  secureBoot: boolean;
  version: Version;
}

/**
 * Picks the firmware for a machine, or null when none fits. The order of the descriptors is the distribution's
 * own order of preference and is kept, with two exceptions: images with 4 MiB of flash go before those with
 * 2 MiB (current ones need the room for revoked certificates), and without Secure Boot plain ones go first.
 */
export function chooseFirmware(found: readonly Firmware[], wish: FirmwareWish): Firmware | null {
  if (wish.architecture === 'riscv64' && !atLeast(wish.version, oldestRiscvUefi)) return null;
  const fits = found.filter(
    (firmware) => fitsBoard(firmware, wish) && fitsSecureBoot(firmware, wish.secureBoot),
  );
  const rank = (firmware: Firmware): number =>
    (firmware.secureBoot === wish.secureBoot ? 0 : 2) + (isLarge(firmware) ? 0 : 1);
  return fits.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
}

export function fitsBoard(
  { targets }: { targets: readonly FirmwareTarget[] },
  { architecture, machine }: Pick<FirmwareWish, 'architecture' | 'machine'>,
): boolean {
  return targets.some((target) => {
    return (
      target.architecture === architecture && target.machines.some((pattern) => matches(pattern, machine))
    );
  });
}

// Firmware that can do Secure Boot leaves it off as long as no keys are enrolled.
function fitsSecureBoot(firmware: Firmware, wanted: boolean): boolean {
  return wanted ? firmware.secureBoot && firmware.enrolledKeys : !firmware.enrolledKeys;
}

function isLarge({ code }: Firmware): boolean {
  return /4m/i.test(code.file);
}

/** Patterns of descriptors are names with "*": pc-q35-*. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[^A-Za-z0-9_-]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
