// SPDX-License-Identifier: Apache-2.0
import { must } from './expect.ts';
import { memoryUsed, whenUp } from './guest.ts';
import { startSystem } from './system.ts';
import { bringTiny, tinyDisk } from './tiny-cargo.ts';
import { runTiny } from './tiny.ts';
import type { Stage } from './stage.ts';

// What the host itself may take: the promise of the product (MiB).
const hostMemory = 1024;

export const smallPc: Stage = {
  name: 'small-pc',
  shows: 'on a PC with 4 GB the host takes less than 1 GB, and a machine runs',
  images: [{ edition: 'headless' }],
  after: ['tiny'],
  seconds: 200,
  async run(context) {
    await using pc = await startSystem(context, { memoryMiB: 4096, disks: [await tinyDisk(context)] });
    const guest = await whenUp(pc);
    const used = await memoryUsed(guest);
    must(used < hostMemory, `the host takes less than ${hostMemory} MiB`, used);
    await bringTiny(guest);
    await runTiny(guest);
    const withMachine = await memoryUsed(guest);
    await guest.sh('phyllome stop tiny --force', 120);
    await pc.powerOff();
    return { hostUsedMiB: used, withTinyMachineMiB: withMachine };
  },
};
