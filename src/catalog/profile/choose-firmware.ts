// SPDX-License-Identifier: Apache-2.0
//
// Firmware, Secure Boot and TPM: what a guest insists on it gets as far as this PC has it, and it is said what it has not.
import type { Boot } from '../../contract/machine.ts';
import { chosen, isWindows, type Chosen, type Situation } from './choice.ts';

export function chooseFirmware({ guest, architecture }: Situation): Chosen<'uefi' | 'bios'> {
  if (architecture !== 'x86_64') return chosen('uefi', `The only firmware of ${architecture} machines.`);
  if (guest.firmware === 'bios') return chosen('bios', `${guest.name} does not start from UEFI.`);
  return guest.firmware === 'uefi'
    ? chosen('uefi', `${guest.name} starts from UEFI only.`)
    : chosen('uefi', 'What PCs of today have.');
}

export function chooseSecureBoot(situation: Situation): Chosen<'true' | 'false'> {
  const { guest, options } = situation;
  const { secureBoot, name } = guest;
  if (secureBoot === 'unsupported' || chooseFirmware(situation).value === 'bios')
    return chosen('false', 'Its loader is not signed for it.');
  // Drivers that somebody builds for their own Linux would not load, and nothing of the guest depends on it.
  if (secureBoot === 'supported' && !isWindows(guest))
    return chosen('false', `${name} can have it; with it, drivers that you build yourself do not load.`);
  if (options.host?.secureBoot === false)
    return chosen('false', `${name} wants it, but no firmware with Secure Boot is installed on this PC.`);
  return chosen(
    'true',
    secureBoot === 'required' ? `${name} insists on it.` : `${name} supports it, and programs rely on it.`,
  );
}

export function chooseTpm({ guest, options }: Situation): Chosen<'emulated' | 'none'> {
  const { tpm, name } = guest;
  if (tpm === 'unsupported') return chosen('none', `${name} does not use one.`);
  if (tpm === 'supported' && !isWindows(guest))
    return chosen('none', `${name} can use one; add it when something is to be sealed by it.`);
  if (options.host?.tpm === false)
    return chosen('none', `${name} wants one, but swtpm is not installed on this PC.`);
  return chosen(
    'emulated',
    tpm === 'required'
      ? `${name} insists on TPM 2.0; swtpm is one.`
      : `${name} keeps keys in it: those of BitLocker and of logging in.`,
  );
}

export function bootOf(situation: Situation): Boot {
  return chooseFirmware(situation).value === 'bios'
    ? { type: 'bios' }
    : { type: 'uefi', secureBoot: chooseSecureBoot(situation).value === 'true' };
}
