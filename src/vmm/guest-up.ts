// SPDX-License-Identifier: Apache-2.0
//
// Whether a guest is up, read from what it says on its serial port: for VMMs that have no channel for its agent.
import { followFile } from '../host/follow-file.ts';

// A getty asks for a name ("debian login: "; not the "Last login: " that comes after it); our tiny guest says so.
const words = /(?:^|\n)(?:phyllome-tiny: ready\r?\n|(?!Last )\S+ login: )/;
// As much of what was said is kept as the words need, however they are cut into pieces (characters).
const kept = 512;
// On taking over: how far back they are looked for (bytes).
const history = 256 * 1024;

export interface GuestUp {
  /** Whether it said so since it began (anew) */
  readonly up: boolean;
  /** It begins anew: what it said before no longer counts */
  again(): void;
  close(): void;
}

/**
 * Calls `onUp` each time when a guest says that it is up. What is in the log already counts, too, but is not told: look
 * at `up`. It may be of the time before a reset that no service saw.
 */
export async function watchGuestUp(log: string, onUp: () => void): Promise<GuestUp> {
  let said = '';
  let up = false;
  let following = false;
  const follower = await followFile(log, history, (bytes) => {
    if (up) return;
    said += Buffer.from(bytes).toString('latin1');
    up = words.test(said);
    said = up ? '' : said.slice(-kept);
    if (up && following) onUp();
  });
  following = true;
  return {
    get up() {
      return up;
    },
    again() {
      up = false;
      said = '';
    },
    close: () => void follower.close(),
  };
}
