// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { emptyDisk } from '../pc/disks.ts';
import { inspect } from './boot.ts';
import { must } from './expect.ts';
import { startLive } from './live-system.ts';
import type { Stage } from './stage.ts';

export const live: Stage = {
  name: 'live',
  shows: 'the image on a USB stick starts as a live system, works, and leaves the disk of the PC alone',
  images: [{ edition: 'headless' }],
  after: ['boot'],
  seconds: 180,
  async run(context) {
    const disk = await emptyDisk(join(context.work, 'disk.raw'), 256);
    const before = await sumOf(disk);
    const { pc, guest } = await startLive(context, [
      { id: 'inside', file: disk, format: 'raw', bus: 'nvme' },
    ]);
    await using _ = pc;
    const findings = await inspect(guest, { root: 'tmpfs' });
    const swap = await guest.sh('cat /proc/swaps');
    must(!/nvme|sd[a-z]/.test(swap), 'it swaps to no disk', swap);
    await pc.screenshot(join(context.output, 'live.png'));
    await pc.powerOff();
    must((await sumOf(disk)) === before, 'the disk of the PC is as it was');
    return findings;
  },
};

async function sumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
