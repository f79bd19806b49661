// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Favourite } from '../../src/contract/favourite.ts';
import { patience } from '../drive/patience.ts';
import type { Pc } from '../pc/pc.ts';
import { must } from './expect.ts';
import { typeInGuest } from './guest-console.ts';
import { memoryUsed, whenUp, type Guest } from './guest.ts';
import { whenPageStands } from './screen.ts';
import type { Stage } from './stage.ts';
import { startSystem } from './system.ts';
import { bringTiny, tinyDisk } from './tiny-cargo.ts';
import { runTiny } from './tiny.ts';
import { restart } from './update.ts';

const hostKey = 'ctrl-alt';
// An empty line, and "touch /fig".
const keys = ['ret', 't', 'o', 'u', 'c', 'h', 'spc', 'slash', 'f', 'i', 'g', 'ret'];

export const favourite: Stage = {
  name: 'favourite',
  shows:
    'the favourite comes up with the PC and has its screen and its keyboard; the host key brings the host back, and the favourite',
  images: [{ edition: 'kiosk' }],
  after: ['tiny', 'kiosk'],
  seconds: 390,
  async run(context) {
    await using pc = await startSystem(context, { edition: 'kiosk', disks: [await tinyDisk(context)] });
    const first = await whenUp(pc);
    await bringTiny(first);
    await runTiny(first);
    await first.sh('phyllome favourite tiny');
    const guest = await restart(pc, first);
    const began = Date.now();
    const picture = join(context.output, 'favourite.png');
    await whenScreenShows(pc, guest, 'machine', picture);
    await typeOnKeyboard(pc, guest);
    const seconds = Math.round((Date.now() - began) / 1000);
    await pc.screenshot(picture);
    const used = await memoryUsed(guest);
    await pc.press(hostKey);
    await whenScreenShows(pc, guest, 'host', join(context.output, 'favourite-host.png'));
    await whenPageStands(pc, join(context.output, 'favourite-host.png'));
    await pc.press(hostKey);
    await whenScreenShows(pc, guest, 'machine', join(context.output, 'favourite-again.png'));
    await pc.powerOff(300);
    return { keysAfterSeconds: seconds, usedWithMachineMiB: used };
  },
};

/** Waits until the page on the screen of the PC is there, and shows that. @param file gets what is seen meanwhile */
async function whenScreenShows(
  pc: Pc,
  guest: Guest,
  wanted: Favourite['screen']['show'],
  file: string,
): Promise<void> {
  for (const end = Date.now() + patience(300); ;) {
    await pc.screenshot(file);
    const { screen, displays, problem } = await guest.phyllome<Favourite>('favourite');
    if (screen.show === wanted && displays > 0) return;
    must(Date.now() < end, `the screen shows the ${wanted}`, { screen, displays, problem });
    await delay(3000);
  }
}

/** Writes a file by the keyboard of the PC: on its way are the browser and the screen of the machine, which take a while to come. */
async function typeOnKeyboard(pc: Pc, guest: Guest): Promise<void> {
  for (const end = Date.now() + patience(240); ;) {
    await pc.press(...keys);
    const found = await typeInGuest(
      guest,
      'tiny',
      '[ -e /fig ] && echo there-$((6*7)) || echo gone-$((6*7))',
      /((?:there|gone)-42)/,
    );
    if (found === 'there-42') return;
    must(Date.now() < end, 'keys of the PC reach the machine that has its screen');
    await delay(8000);
  }
}
