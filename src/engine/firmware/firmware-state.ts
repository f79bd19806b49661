// SPDX-License-Identifier: Apache-2.0
//
// What the UEFI variables of a machine say about Secure Boot, in the words of clients.
import type { FirmwareState } from '../../contract/catalog.ts';
import type { MachineDefinition } from '../../contract/machine.ts';
import { microsoftYears } from '../../vmm/firmware-variables/microsoft.ts';
import { certificatesOf, enforcementOf } from '../../vmm/firmware-variables/secure-boot.ts';
import { readVariables } from '../../vmm/firmware-variables/variable-store.ts';

const nothing = { certificates: [], microsoft2011: false, microsoft2023: false };

/** Why a machine has no variables that a file of its could hold; null: it has, or its first start makes them. */
export function withoutVariables({ boot, confidential, vmm }: MachineDefinition): string | null {
  if (boot.type === 'bios') return 'it starts by BIOS, which knows no Secure Boot';
  if (boot.type !== 'uefi') return 'its kernel is started directly, without firmware';
  if (confidential !== undefined && confidential !== 'none')
    return 'firmware for encrypted memory is part of what is measured, and keeps no variables';
  if (vmm !== 'auto' && vmm !== 'qemu') return `${vmm} keeps no variables of a firmware`;
  return null;
}

/**
 * @param volume of the machine's variables; null when there are none yet
 * @returns a sentence without its end when the variables cannot be understood
 */
export function firmwareState(
  definition: MachineDefinition,
  name: string,
  volume: Buffer | null,
): FirmwareState | string {
  const { boot } = definition;
  const type = boot.type === 'uefi' || boot.type === 'bios' ? boot.type : 'none';
  const without = withoutVariables(definition);
  if (boot.type !== 'uefi' || without !== null)
    return {
      type,
      secureBoot: 'unsupported',
      ...nothing,
      warnings: type === 'uefi' && without !== null ? [sentence(without)] : [],
    };
  const store = volume === null ? null : readVariables(volume);
  if (typeof store === 'string') return store;
  if (store === null)
    return { type, secureBoot: boot.secureBoot ? 'not-started' : 'unsupported', ...nothing, warnings: [] };
  const certificates = certificatesOf(store.variables);
  if (typeof certificates === 'string') return certificates;
  const enforcement = enforcementOf(store.variables);
  // Without the wish for it, a PC is started by a build of the firmware that leaves Secure Boot out.
  const ignored = enforcement === 'enforced' && !boot.secureBoot && definition.architecture === 'x86_64';
  const secureBoot = ignored ? 'off' : enforcement;
  const years = microsoftYears(certificates);
  return {
    type,
    secureBoot,
    certificates,
    ...years,
    warnings: [
      ...(boot.secureBoot && secureBoot !== 'enforced' ? [wantedButMissing(secureBoot, name)] : []),
      ...(ignored
        ? ['Its variables have keys, but boot.secureBoot is off: any boot loader is started.']
        : []),
      ...(years.microsoft2011 && !years.microsoft2023 ? [ended(name)] : []),
    ],
  };
}

const wantedButMissing = (state: FirmwareState['secureBoot'], name: string): string =>
  state === 'off'
    ? 'boot.secureBoot is on, but it was switched off in the setup of the firmware.'
    : `boot.secureBoot is on, but its variables were made before, without keys: any boot loader is started. "phyllome firmware enroll ${name}" gives it the keys of a new machine.`;

const ended = (name: string): string =>
  `It trusts Microsoft's certificates of 2011 only, which ended in 2026. What is installed goes on starting; boot loaders that are signed from now on, on new installation media for one, may not. "phyllome firmware enroll ${name}" adds those of 2023.`;

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
