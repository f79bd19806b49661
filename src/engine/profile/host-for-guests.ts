// SPDX-License-Identifier: Apache-2.0
import { parseDefinition } from '../../contract/definition.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { formatVersion, type Architecture } from '../../contract/machine.ts';
import type { ProfileOptions } from '../../catalog/profile/choice.ts';
import type { Driver } from '../../vmm/driver.ts';

type Host = NonNullable<ProfileOptions['host']>;

/**
 * What this PC can give a guest of an architecture: a machine that wants all of it is shown to QEMU, which says what it would
 * have to do without. Where no QEMU is installed nothing is held against the guest; its start will say what is missing.
 */
export async function hostForGuests(drivers: readonly Driver[], architecture: Architecture): Promise<Host> {
  const driver = drivers.find(({ name }) => name === 'qemu');
  if (driver === undefined) return {};
  const report = await driver.probe(architecture).catch((error: unknown) => {
    if (error instanceof PhyllomeError) return null;
    throw error;
  });
  if (report === null) return {};
  const { refusals, losses } = driver.judge(wantsEverything(architecture), report);
  const codes = [...refusals, ...losses].map(({ code }) => code);
  const claims = driver.claims(report);
  const can = (feature: string): boolean =>
    claims.some((claim) => claim.feature === feature && claim.possible !== 'no');
  return {
    tpm: can('tpm') && !codes.includes('tpm-missing'),
    secureBoot: can('secure-boot'),
    virtioSound: !codes.includes('sound-missing'),
  };
}

function wantsEverything(architecture: Architecture) {
  return parseDefinition({
    formatVersion,
    id: '00000000-0000-4000-8000-000000000000',
    name: 'everything',
    architecture,
    memory: 2 ** 30,
    boot: { type: 'uefi', secureBoot: true },
    tpm: 'emulated',
    sound: 'virtio',
  });
}
