// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { patience } from '../drive/patience.ts';
import { readPicture, type Picture } from '../drive/picture.ts';
import type { Pc } from '../pc/pc.ts';
import { must } from './expect.ts';
import { memoryUsed, whenUp, type Guest } from './guest.ts';
import { bootLive, imageStick } from './live-system.ts';
import { startSystem } from './system.ts';
import type { Findings, Stage, StageContext } from './stage.ts';

// The page without machines says in its middle what to do; text that a browser draws has hundreds of shades. An empty desktop, an
// empty window and a page that is loading have one colour there, a terminal has two, and none stands out of a background picture.
const showsPage = ({ colours, most }: Picture): boolean => colours > 60 && most > 0.4;
const margin = 0.25;
const pageWithin = 300;

export const kiosk: Stage = {
  name: 'kiosk',
  shows: 'the kiosk image shows the page on the screen of the PC, within 1 GB of memory',
  images: [{ edition: 'kiosk' }],
  after: ['boot'],
  seconds: 300,
  async run(context) {
    await using pc = await startSystem(context, { edition: 'kiosk' });
    const found = await look(context, pc, await whenUp(pc), 'kiosk', 1024);
    await pc.powerOff();
    return found;
  },
};

export const desktop: Stage = {
  name: 'desktop',
  shows: 'the desktop image, live, signs in by itself and shows the page in GNOME, within 2 GB of memory',
  images: [{ edition: 'desktop' }],
  after: ['live'],
  seconds: 420,
  async run(context) {
    const stick = await imageStick(context, 'desktop');
    const { pc, guest } = await bootLive(context, [stick], { memoryMiB: 4096 });
    await using _ = pc;
    const found = await look(context, pc, guest, 'desktop', 2048);
    // GNOME asks whether one is sure, and takes a minute's silence for a yes.
    await pc.powerOff(300);
    return found;
  },
};

/** @param most what the host may take with the page on its screen: the promise of the product (MiB) */
async function look(
  { output }: StageContext,
  pc: Pc,
  guest: Guest,
  name: string,
  most: number,
): Promise<Findings> {
  const seconds = await whenPageStands(pc, join(output, `${name}.png`));
  const used = await memoryUsed(guest);
  must(used < most, `the host takes less than ${most} MiB`, used);
  const times = (await guest.sh('systemd-analyze')).split('\n')[0] ?? '';
  return { pageAfterSeconds: seconds, hostUsedMiB: used, times };
}

/**
 * Waits until the page is on the screen of the PC and all of it was loaded: it stands still then, but for figures that live.
 * @param file gets the picture @returns seconds
 */
export async function whenPageStands(pc: Pc, file: string): Promise<number> {
  const began = Date.now();
  for (let last: Picture | undefined; ;) {
    await delay(8000);
    // GNOME switches a screen off that nobody seems to sit at.
    await pc.press('ctrl');
    await pc.screenshot(file);
    const now = readPicture(await readFile(file), margin);
    if (showsPage(now) && Math.abs(now.colours - (last?.colours ?? 0)) < now.colours * 0.05) break;
    must(Date.now() - began < patience(pageWithin), 'the page is on the screen', JSON.stringify(now));
    last = now;
  }
  return Math.round((Date.now() - began) / 1000);
}
