// SPDX-License-Identifier: Apache-2.0
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import { Type } from '../../contract/schema.ts';
import { sync } from '../../host/files.ts';
import { readPhyllomeOs } from '../../host/phyllome-os.ts';
import { asideName } from './slots/kernels.ts';
import { readKernels, readSlots } from './slots/read-slots.ts';
import type { Verb } from './verb.ts';

/**
 * Lets the next start bring the version before. What runs keeps its files, and gets a name that systemd-boot chooses last; a
 * later update takes its place. One rename on the EFI system partition is all there is to it.
 */
export const rollback: Verb<object> = {
  request: Type.Object({}, { additionalProperties: false }),
  exclusive: true,
  async run(_request, { root, signal }) {
    const image = readPhyllomeOs(root);
    if (image === null) throw new PhyllomeError('os-only');
    if (image.live) throw new PhyllomeError('os-runs-live');
    const { previous, pending } = await readSlots(root, image.version, signal);
    if (previous === null)
      throw new PhyllomeError('os-rollback-none', { reason: 'only the one that runs is here and healthy' });
    const { folder, kernels } = await readKernels(root);
    const aside = asideName(image.version);
    // An update that waits for the next start would come instead, so it is put aside as well.
    const others = pending === null || pending === previous ? [] : [pending];
    for (const version of [...others, image.version]) {
      const kernel = kernels.find((one) => one.version === version);
      if (kernel !== undefined) await rename(join(folder, kernel.name), join(folder, asideName(version)));
    }
    await sync(folder);
    return { from: image.version, to: previous, aside };
  },
};
