// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { EncryptRequest } from '../../contract/encryption.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { MachineDefinition } from '../../contract/machine.ts';
import { locate } from '../../disk/locate.ts';
import { freeName } from '../disks/convert-disk.ts';
import type { TaskContext } from '../tasks.ts';
import { copyOne } from './change-encryption.ts';
import type { DiskKeys } from './disk-keys.ts';

/**
 * Encrypts the disks of a machine that is being made and that nobody lists yet.
 * @returns its definition from now on, and what takes the key back when it is not made after all
 * @throws PhyllomeError `encryption-refused`, `passphrase-weak`, `key-holder-unavailable`, `no-space`
 */
export async function encryptStage(
  directory: string,
  definition: MachineDefinition,
  { passphrase, key: holder = 'passphrase' }: EncryptRequest,
  diskKeys: DiskKeys,
  context: TaskContext,
): Promise<{ definition: MachineDefinition; forget: () => Promise<void> }> {
  const { name, boot } = definition;
  const outside = definition.disks.find(({ file, readOnly }) => !readOnly && isAbsolute(file));
  const reason =
    boot.type === 'guest-kernel'
      ? 'its kernel is read from its disk at each start'
      : outside === undefined
        ? null
        : `${outside.file} is not in its folder`;
  if (reason !== null) {
    const next = 'Make the machine without --encrypt, or with a copy of the disk and another way to boot.';
    throw new PhyllomeError('encryption-refused', { name, done: 'encrypted', reason, next });
  }
  const made = await diskKeys.make(name, passphrase, holder);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => made.forget());
  const disks = [];
  for (const disk of definition.disks) {
    if (disk.readOnly) {
      disks.push(disk);
      continue;
    }
    const path = locate(directory, disk.file);
    const file = freeName(directory, disk.file, 'qcow2');
    await copyOne({ disk, path }, locate(directory, file), { encrypt: true, key: made.key }, context);
    await rm(path);
    disks.push({ ...disk, file, format: 'qcow2' as const });
  }
  await made.write(directory);
  undo.move();
  return { definition: { ...definition, disks, encryption: { key: holder } }, forget: () => made.forget() };
}
