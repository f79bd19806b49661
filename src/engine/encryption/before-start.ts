// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import type { MachineDefinition } from '../../contract/machine.ts';
import type { DiskKey } from '../../disk/disk-key.ts';
import { layersOf, type Layer } from '../../disk/layers.ts';
import { locate } from '../../disk/locate.ts';
import type { StoredMachine } from '../store.ts';
import type { DiskKeys } from './disk-keys.ts';

/** What a planner must know of encrypted disks: QEMU wants the key said for each image of a chain. */
export async function encryptedLayers(
  { encryption, disks }: MachineDefinition,
  directory: string,
): Promise<{ layers?: Layer[][] }> {
  if (encryption === undefined) return {};
  return {
    layers: await Promise.all(disks.map(({ file, format }) => layersOf(locate(directory, file), format))),
  };
}

/**
 * The key for a start. Nothing is written where everybody can read it on a machine that is to be encrypted, and a VMM is
 * not started for a disk that nobody can open.
 * @returns null when the machine is not encrypted
 * @throws PhyllomeError `disk-not-encrypted`, `disk-key-missing`, `passphrase-needed`, `passphrase-wrong`
 */
export async function keyForStart(
  machine: StoredMachine,
  definition: MachineDefinition,
  keys: Pick<DiskKeys, 'unlock'>,
  passphrase: string | undefined,
): Promise<DiskKey | null> {
  const { name, encryption, disks } = definition;
  for (const { file, format, readOnly } of disks) {
    const [top, ...below] = await layersOf(locate(machine.directory, file), format);
    if (encryption === undefined && [top, ...below].some((layer) => layer?.encrypted === true))
      throw new PhyllomeError('disk-key-missing', {
        name,
        file,
        reason: 'the definition does not say that the machine is',
        next: 'Put "encryption: { key: passphrase }" into it ("phyllome edit"), or take the disk out.',
      });
    if (encryption !== undefined && !readOnly && top?.encrypted !== true)
      throw new PhyllomeError('disk-not-encrypted', { name, file });
  }
  if (encryption === undefined) return null;
  const key = await keys.unlock(machine, passphrase);
  if (key !== null || disks.length === 0) return key;
  throw new PhyllomeError('disk-key-missing', {
    name,
    file: disks[0]?.file ?? '',
    reason: 'key.json, which holds the key, is not in the folder of the machine',
    next: 'Put it back from a copy of the folder or from a backup; without it the disk cannot be opened by anybody.',
  });
}
