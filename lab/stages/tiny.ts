// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { must } from './expect.ts';
import { typeInGuest } from './guest-console.ts';
import { memoryUsed, whenUp, type Guest } from './guest.ts';
import { startSystem } from './system.ts';
import { bringTiny, tinyDisk } from './tiny-cargo.ts';
import type { Stage } from './stage.ts';

export const tiny: Stage = {
  name: 'tiny',
  shows: 'the manager of the image makes a tiny machine, which runs under KVM, is saved and goes on',
  images: [{ edition: 'headless' }],
  after: ['boot'],
  seconds: 240,
  async run(context) {
    await using pc = await startSystem(context, { disks: [await tinyDisk(context)] });
    const guest = await whenUp(pc);
    await bringTiny(guest);
    const began = Date.now();
    const machine = await runTiny(guest);
    const seconds = Math.round((Date.now() - began) / 1000);
    context.say(`the tiny guest was ready after ${seconds} s`);
    const command = await guest.sh('tr "\\\\0" " " </proc/$(pgrep -o qemu-system)/cmdline');
    must(/accel(?:=| )kvm|"accel":"kvm"/.test(command), 'QEMU runs it under KVM', command.slice(0, 600));
    must((await guest.sh('pgrep -c passt || true')).trim() !== '0', 'passt connects it to the network');
    const memory = await memoryUsed(guest);
    await tellWord(guest, 'plum');
    const before = await memoryOf(guest);
    await guest.sh('phyllome save tiny', 240);
    await guest.sh('phyllome start tiny', 240);
    const after = await memoryOf(guest);
    must(after.word === 'plum' && after.uptime > before.uptime, 'it went on where it was', { before, after });
    await guest.sh('phyllome stop tiny --force', 120);
    await pc.screenshot(join(context.output, 'tiny.png'));
    await pc.powerOff();
    return { readyAfterSeconds: seconds, machine: machine.id, hostMemoryUsedMiB: memory };
  },
};

/** Starts a tiny machine and waits until its guest is ready. */
export const runTiny = (guest: Guest): Promise<{ id: string; name: string }> =>
  guest.phyllome('run tiny --detach', 420);

/**
 * What only the memory of the tiny guest knows: seconds since its kernel began, and a word that a shell was told. A guest
 * that began anew would count from zero and know no word.
 */
export interface Memory {
  uptime: number;
  word: string;
}

export const tellWord = (guest: Guest, word: string): Promise<string> =>
  typeInGuest(guest, 'tiny', `WORD=${word}; echo told-$((6*7))`, /told-(42)/);

export async function memoryOf(guest: Guest): Promise<Memory> {
  const text = await typeInGuest(guest, 'tiny', 'echo "[$WORD $(cat /proc/uptime)]"', /\[(\w* \d+\.\d+) \d/);
  const [word = '', uptime] = text.split(' ');
  return { word, uptime: Number(uptime) };
}
