// SPDX-License-Identifier: Apache-2.0
//
// Has everything erased that is kept on this PC. systemd-repart does it in the next start, before anything of it is used: it
// deletes and makes anew the partitions whose definition says FactoryReset=yes. The wish is a variable of the firmware that
// systemd-repart removes when it is done, so a power cut in between does not end half way.
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PhyllomeError } from '../../../contract/errors.ts';
import { Type } from '../../../contract/schema.ts';
import { errorCode } from '../../../host/files.ts';
import { readPhyllomeOs } from '../../../host/phyllome-os.ts';
import { osTool } from '../os-tool.ts';
import type { Verb } from '../verb.ts';

const Request = Type.Object(
  {
    really: Type.Boolean({ description: 'false: only say whether it can be done' }),
    hostName: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { additionalProperties: false },
);
interface Request {
  really: boolean;
  hostName?: string;
}

const variables = 'sys/firmware/efi/efivars';
/** See systemd-repart(8). */
export const resetVariable = `${variables}/FactoryReset-8cf2644b-4b0b-428f-9387-6d876050dc67`;
// Kept over a restart, seen by boot and run-time services: see efivarfs in the kernel's documentation.
const attributes = [7, 0, 0, 0];

export const factoryReset: Verb<Request> = {
  request: Request,
  exclusive: true,
  async run({ really, hostName }, { root, signal }) {
    const name = (await readFile(join(root, 'proc/sys/kernel/hostname'), 'utf8')).trim();
    const refusal = await hindrance(root, signal);
    if (!really) return { hostName: name, encrypted: await rootIsEncrypted(root), refusal };
    if (refusal !== null) throw new PhyllomeError('reset-refused', { reason: refusal });
    if (hostName !== name) throw new PhyllomeError('reset-not-confirmed', { name });
    await askForReset(root);
    await osTool(root, ['/usr/bin/systemctl', '--no-block', 'reboot'], { signal });
    return null;
  },
};

export async function askForReset(root: string): Promise<void> {
  const value = Buffer.from('yes\0', 'utf16le');
  // In one write: the kernel takes a variable as a whole.
  await writeFile(join(root, resetVariable), Buffer.concat([Buffer.from(attributes), value]));
}

/** Why it cannot be done on this PC, in words. */
export async function hindrance(root: string, signal: AbortSignal): Promise<string | null> {
  if (readPhyllomeOs(root)?.live === true) return 'it runs from a medium and keeps nothing';
  try {
    await readdir(join(root, variables));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return 'its firmware keeps no variables, so the wish would be forgotten before the next start';
  }
  try {
    await osTool(root, ['/usr/bin/systemd-repart', '--can-factory-reset'], { signal });
    return null;
  } catch (error) {
    if (PhyllomeError.from(error).code !== 'os-tool-failed') throw error;
    return 'no partition of its disk is one that may be erased';
  }
}

/** Whether the root file system lies on dm-crypt. */
async function rootIsEncrypted(root: string): Promise<boolean> {
  const mounts = await readFile(join(root, 'proc/self/mounts'), 'utf8');
  const device = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, at]) => at === '/')?.[0];
  if (device === undefined || !device.startsWith('/dev/mapper/')) return false;
  // Names of device mapper are links to dm-N, except where udev made none.
  const link = await readlink(join(root, device)).catch(() => basename(device));
  const id = join(root, 'sys/class/block', basename(link), 'dm/uuid');
  try {
    return (await readFile(id, 'utf8')).startsWith('CRYPT-');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
