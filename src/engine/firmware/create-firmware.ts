// SPDX-License-Identifier: Apache-2.0
//
// Looking at what the firmware of a machine trusts, and adding Microsoft's newer certificates to it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FirmwareState } from '../../contract/catalog.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { MachineDefinition } from '../../contract/machine.ts';
import { machineFiles } from '../../contract/paths.ts';
import type { LaunchPlan } from '../../contract/plan.ts';
import { enrolMicrosoft } from '../../vmm/firmware-variables/enrol.ts';
import { adoptKeys } from '../../vmm/firmware-variables/adopt-keys.ts';
import { readTemplate, readVolume, replaceVolume } from '../../vmm/firmware-variables/image.ts';
import { readMicrosoftCertificates } from '../../vmm/firmware-variables/microsoft.ts';
import { requireNoTemplate } from '../clones/template.ts';
import type { Engine } from '../engine.ts';
import type { Holds } from '../holds.ts';
import { requireDefinition } from '../running.ts';
import type { Store, StoredMachine } from '../store.ts';
import { firmwareState, withoutVariables } from './firmware-state.ts';

// A guest may be writing at the moment we look; the next moment it has written.
const looks = 5;
const pause = 50;

export interface FirmwareParts {
  store: Pick<Store, 'find'>;
  holds: Pick<Holds, 'takeFiles'>;
  /** What a start would do: it names the variables that a new machine gets */
  planOf: (machine: StoredMachine) => Promise<Pick<LaunchPlan, 'files'>>;
  changed: (machine: StoredMachine) => void;
}

export function createFirmware({
  store,
  holds,
  planOf,
  changed,
}: FirmwareParts): Pick<Engine, 'machineFirmware' | 'enrolCertificates'> {
  return {
    machineFirmware: (ref) => look(store.find(ref)),
    async enrolCertificates(ref) {
      const machine = store.find(ref);
      requireNoTemplate(machine, 'be changed');
      const definition = requireDefinition(machine);
      const refuse = (reason: string, next: string): PhyllomeError =>
        new PhyllomeError('enrolment-refused', { name: machine.name, reason, next });
      const without = withoutVariables(definition);
      if (without !== null) throw refuse(without, 'Only UEFI firmware that QEMU runs has certificates.');
      await using _hold = await holds.takeFiles(machine, 'be given certificates', 'being given certificates');
      const file = variablesOf(machine);
      if (!existsSync(file))
        throw refuse('its first start makes its variables', 'Start it: it gets the certificates by itself.');
      const damaged = (reason: string): PhyllomeError =>
        refuse(reason, 'Start it, shut it down, and try again; or go back to a snapshot.');
      const before = await readVolume(file);
      const owned = isWished(definition) ? await withKeys(before, await planOf(machine)) : before;
      if (typeof owned === 'string') throw damaged(owned);
      const enrolled = enrolMicrosoft(owned, await readMicrosoftCertificates());
      if (typeof enrolled === 'string') throw damaged(enrolled);
      const after = enrolled.volume ?? owned;
      const isChanged = after !== before;
      if (isChanged) {
        await replaceVolume(file, after);
        changed(machine);
      }
      const state = await look(machine);
      if (isChanged) return { ...state, warnings: [...state.warnings, asksForKey] };
      if (state.microsoft2023) return state;
      const reason = "it does not trust Microsoft's certificates of 2011, which those of 2023 come after";
      throw refuse(reason, 'Only who trusts the old ones is given the new ones.');
    },
  };
}

const asksForKey =
  'BitLocker, and other encryption bound to the TPM, may ask for its recovery key at the next start.';

const isWished = ({ boot }: MachineDefinition): boolean => boot.type === 'uefi' && boot.secureBoot;

/** The volume with the keys that a new machine gets, when it has none. */
async function withKeys(volume: Buffer, { files }: Pick<LaunchPlan, 'files'>): Promise<Buffer | string> {
  const planned = files.find(({ certificates }) => certificates !== undefined);
  if (planned === undefined) return volume;
  const { template, templateFormat } = planned;
  if (templateFormat !== 'raw' && templateFormat !== 'qcow2') return volume;
  return adoptKeys(volume, await readTemplate(template, templateFormat));
}

const variablesOf = ({ directory }: StoredMachine): string =>
  join(directory, machineFiles.firmware, 'vars.qcow2');

/** @throws PhyllomeError `machine-broken`, `file-unreadable` */
async function look(machine: StoredMachine): Promise<FirmwareState> {
  const definition = requireDefinition(machine);
  const file = variablesOf(machine);
  const has = withoutVariables(definition) === null && existsSync(file);
  for (let left = looks; ; left -= 1) {
    const state = firmwareState(definition, machine.name, has ? await readVolume(file) : null);
    if (typeof state !== 'string') return state;
    if (left === 1)
      throw new PhyllomeError('file-unreadable', { what: 'UEFI variables', file, reason: state });
    await delay(pause);
  }
}
