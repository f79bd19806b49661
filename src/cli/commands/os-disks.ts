// SPDX-License-Identifier: Apache-2.0
import type { Run } from '../context.ts';
import { diskLines } from './os-disk-text.ts';

export const osDisks: Run = async ({ client, output, json }) => {
  const offer = await client.call('osDisks');
  if (json) return output.json(offer);
  for (const disk of offer.disks) {
    diskLines(disk, output).forEach(output.say);
    output.say('');
  }
  if (offer.disks.length === 0) output.say('This PC has no disk.');
  output.note(
    offer.live
      ? 'Install this system to one of them with: phyllome os install'
      : 'This system is installed already; only one that runs from a medium can be.',
  );
};
