// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { patience } from '../drive/patience.ts';
import { readPicture, type Picture } from '../drive/picture.ts';
import { must } from './expect.ts';
import { whenUp } from './guest.ts';
import { startSystem } from './system.ts';
import type { Stage } from './stage.ts';

// Text on a terminal has two colours; letters that a browser draws have hundreds of shades.
const coloursOfPage = 60;
const pageWithin = 300;
// What the host may take with the page on its screen: the promise of the product (MiB).
const hostMemory = 1024;

export const kiosk: Stage = {
  name: 'kiosk',
  shows: 'the kiosk image shows the page on the screen of the PC, within 1 GB of memory',
  images: [{ edition: 'kiosk' }],
  after: ['boot'],
  seconds: 300,
  async run(context) {
    await using pc = await startSystem(context, { edition: 'kiosk' });
    const guest = await whenUp(pc);
    const began = Date.now();
    const file = join(context.output, 'kiosk.png');
    let picture: Picture;
    let last = Buffer.alloc(0);
    for (;;) {
      await pc.screenshot(file);
      const bytes = await readFile(file);
      picture = readPicture(bytes);
      // It stands still when all of it was loaded.
      if (picture.colours >= coloursOfPage && bytes.equals(last)) break;
      last = bytes;
      must(Date.now() - began < patience(pageWithin), 'the page is on the screen', picture);
      await delay(8000);
    }
    const seconds = Math.round((Date.now() - began) / 1000);
    const used = Number((await guest.sh('free -m | sed -n 2p')).trim().split(/ +/)[2]);
    must(used < hostMemory, `the host takes less than ${hostMemory} MiB`, used);
    await pc.powerOff();
    return { pageAfterSeconds: seconds, colours: picture.colours, hostUsedMiB: used };
  },
};
