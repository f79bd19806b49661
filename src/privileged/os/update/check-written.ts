// SPDX-License-Identifier: Apache-2.0
//
// systemd-sysupdate checks what it loads and not what it wrote: a disk that fails, or a packing it does not know, would show at
// the next start only.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError } from '../../../contract/errors.ts';
import { partitionIdIn } from '../../../host/os-update/file-names.ts';
import type { Offer } from '../../../host/os-update/judge-offer.ts';
import { osTool } from '../os-tool.ts';
import { readKernels } from '../slots/read-slots.ts';
import type { VerbContext } from '../verb.ts';

const veritysetup = '/usr/sbin/veritysetup';

/**
 * Reads the new /usr with its seal. When they do not fit the new kernel goes again, so that nothing starts from them.
 * @throws PhyllomeError `os-update-damaged`
 */
export async function checkWritten(
  { version, files }: Offer,
  { root, signal, progress }: VerbContext,
): Promise<void> {
  progress({ step: `Checking version ${version} on the disk`, fraction: null });
  const [usr = '', verity = ''] = [files.usr, files['usr-verity']].map((name) => partitionIdIn(name) ?? '');
  // The identifiers of both partitions are the halves of the root hash (Discoverable Partitions Specification).
  const hash = `${usr}${verity}`.replaceAll('-', '');
  try {
    // The kernel has its name by now: without its content on the disk, too, a power cut would leave an empty one.
    await osTool(root, ['/usr/bin/sync'], { signal });
    await osTool(root, ['/usr/bin/udevadm', 'settle', '--timeout=30'], { signal, allowed: [1] });
    await osTool(root, [veritysetup, 'verify', place(usr), place(verity), hash], { signal });
  } catch (error) {
    const { folder, kernels, empty } = await readKernels(root);
    const ofIt = kernels.filter((kernel) => kernel.version === version).map(({ name }) => name);
    for (const name of [...ofIt, ...empty]) await rm(join(folder, name), { force: true });
    signal.throwIfAborted();
    const reason = error instanceof PhyllomeError ? String(error.facts['reason']) : String(error);
    throw new PhyllomeError('os-update-damaged', { version, reason }, { cause: error });
  }
}

const place = (id: string): string => `/dev/disk/by-partuuid/${id}`;
