// SPDX-License-Identifier: Apache-2.0
import type { ProfileChoice } from '../../contract/catalog.ts';
import type { Architecture } from '../../contract/machine.ts';
import type { GuestFacts } from './guest-facts.ts';

export interface ProfileOptions {
  /** It is installed without questions: the installer is told where the drivers are */
  unattended?: boolean;
  /** Absolute path of virtio-win's medium, when it is at hand */
  drivers?: string | null;
  /** What this PC can give its guests; what is not said is there */
  host?: {
    /** swtpm is installed */
    tpm?: boolean;
    /** UEFI firmware with Secure Boot and enrolled keys is installed */
    secureBoot?: boolean;
    /** QEMU is 8.2 or newer, and can make the device; left out: it cannot */
    virtioSound?: boolean;
  };
}

/** Everything that a choice is made from. */
export interface Situation {
  guest: GuestFacts;
  architecture: Architecture;
  options: ProfileOptions;
}

/** A value of the definition with the reason for it. */
export interface Chosen<Value extends string> {
  value: Value;
  reason: string;
}

export const chosen = <const Value extends string>(value: Value, reason: string): Chosen<Value> => ({
  value,
  reason,
});

export const asChoice = (key: string, { value, reason }: Chosen<string>): ProfileChoice => ({
  key,
  value,
  reason,
});

/** The guest has no driver of its own for it and gets none from the medium with drivers either. */
export function lacks({ guest, options }: Situation, part: GuestFacts['lacks'][number]): boolean {
  if (!guest.lacks.includes(part)) return false;
  return !(isWindows(guest) && bringsDrivers(options));
}

export const isWindows = ({ kernel, id }: GuestFacts): boolean => kernel === 'windows' && id !== 'reactos';

export const bringsDrivers = ({ drivers }: ProfileOptions): boolean => (drivers ?? null) !== null;
