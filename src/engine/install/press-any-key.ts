// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import type { Runner } from '../runner.ts';

// The loader on Windows' media waits five seconds for a key before it goes on to the next disk; the firmware of a PC
// comes to it after some seconds, an emulated one later. An Enter too many does nothing while Windows loads.
const presses = 40;
const pause = 750;

/** Presses Enter for a while: the media of Windows only start when somebody does. Never throws. */
export async function pressAnyKey(runner: Runner): Promise<void> {
  for (let press = 0; press < presses; press += 1) {
    await delay(pause, undefined, { ref: false });
    try {
      await runner.session().keyboard?.press(['enter'], 50);
    } catch {
      // The machine has ended, and whoever follows it says so.
      return;
    }
  }
}
