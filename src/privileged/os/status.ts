// SPDX-License-Identifier: Apache-2.0
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import type { OsRootStatus } from '../../contract/os.ts';
import { Type } from '../../contract/schema.ts';
import { errorCode } from '../../host/files.ts';
import { readPhyllomeOs } from '../../host/phyllome-os.ts';
import { readSlots } from './slots/read-slots.ts';
import type { Verb } from './verb.ts';

/** What only root can see of the system: the kernels it can start, and how its file system is encrypted. */
export const status: Verb<object> = {
  request: Type.Object({}, { additionalProperties: false }),
  exclusive: false,
  async run(_request, { root, signal }): Promise<OsRootStatus> {
    const image = readPhyllomeOs(root);
    if (image === null) throw new PhyllomeError('os-only');
    const foldersEncrypted = await hasFolderKeys(root);
    // A medium is not updated, and what lies on it is nobody's slot.
    const nothing = { slots: [], failed: [], pending: null, previous: null };
    return { ...(image.live ? nothing : await readSlots(root, image.version, signal)), foldersEncrypted };
  },
};

// fscrypt keeps a policy for each folder that it encrypts.
async function hasFolderKeys(root: string): Promise<boolean> {
  try {
    return (await readdir(join(root, '.fscrypt/policies'))).length > 0;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
