// SPDX-License-Identifier: Apache-2.0
//
// The last look before a disk is written, by root and with nothing taken on trust: it is the one that was chosen, nothing
// uses it, its name was typed.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { sameName } from '../../../contract/disk-name.ts';
import { PhyllomeError, reasonOf } from '../../../contract/errors.ts';
import type { InstallOffer, OsDisk } from '../../../contract/os-install.ts';
import type { InstallRequest } from './request.ts';

/** @throws PhyllomeError saying why nothing may be written */
export function requireTarget(
  offer: InstallOffer,
  { disk: chosen, expected }: Pick<InstallRequest, 'disk' | 'expected'>,
): OsDisk {
  if (!offer.live) throw new PhyllomeError('install-not-live');
  const disk = offer.disks.find(({ id }) => id === chosen.id);
  if (disk === undefined) throw new PhyllomeError('install-disk-unknown', { id: chosen.id });
  const changed = (reason: string): PhyllomeError =>
    new PhyllomeError('install-disk-changed', { disk: disk.name, reason });
  if (disk.path !== expected.path) throw changed(`it was ${expected.path}, and is ${disk.path} now`);
  if (disk.size !== expected.size) throw changed(`it had ${expected.size} bytes, and has ${disk.size} now`);
  if (disk.refused !== null)
    throw new PhyllomeError('install-disk-refused', { disk: disk.name, reason: disk.refused.text });
  if (!sameName(chosen.confirmation, disk.name))
    throw new PhyllomeError('install-not-confirmed', { name: disk.name });
  return disk;
}

/** The kernel itself refuses this for whatever is mounted, swap, or part of a volume, a RAID or an encrypted disk. */
export async function requireUnused(root: string, { name, path }: OsDisk): Promise<void> {
  try {
    await using _handle = await open(join(root, path), constants.O_RDWR | constants.O_EXCL);
  } catch (error) {
    throw new PhyllomeError(
      'install-disk-refused',
      { disk: name, reason: reasonOf(error) },
      { cause: error },
    );
  }
}
