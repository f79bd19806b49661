// SPDX-License-Identifier: Apache-2.0
//
// Whether a guest has powered off, read from its serial port: for VMMs that do not notice (Firecracker on x86). The last
// words of Linux alone prove nothing, since anybody may print them. But a guest that has ended does nothing any more: it
// has no clock that would wake it, so its VMM sleeps without the shortest interruption. A guest that waits for a key
// wakes up several times a second.
import { setTimeout as delay } from 'node:timers/promises';
import { followFile } from '../host/follow-file.ts';

const lastWords = /^(?:\[ *\d+\.\d+\] ?)?reboot: (?:Power down|System halted)$/;
// Longer lines are no last words (characters).
const longestLine = 256;
// On taking over: how far back the last line begins at most (bytes).
const history = 4096;
// For so long the VMM has to sleep (ms); if it does not, we look again after twice the time, up to the longest.
const firstLook = 1500;
const longestLook = 30_000;

/** The last line that is not empty, of text that comes in any pieces. */
export interface LastLine {
  hear(text: string): void;
  readonly text: string;
}

export function createLastLine(): LastLine {
  let last = '';
  let current = '';
  return {
    hear(text) {
      for (const [index, piece] of text.split(/[\r\n]/).entries()) {
        if (index > 0) {
          if (current.trim() !== '') last = current;
          current = '';
        }
        current = (current + piece).slice(0, longestLine);
      }
    },
    get text() {
      return (current.trim() === '' ? last : current).trim();
    },
  };
}

export const saysOff = (line: string): boolean => lastWords.test(line);

export interface GuestOff {
  /** Whether it has powered off, for certain */
  readonly off: boolean;
  close(): void;
}

export interface GuestOffOptions {
  /** What the guest writes to its serial port */
  log: string;
  /** What is in it already is of a guest before this one */
  fresh: boolean;
  /** Changes whenever the VMM does anything; null: it is gone */
  activity(): number | null;
  onOff(): void;
  /** How long it has to sleep; for tests */
  patience?: number;
}

/** Calls `onOff` once, when the guest said that it powers off and its VMM has fallen asleep, also when it did so before. */
export async function watchGuestOff(options: GuestOffOptions): Promise<GuestOff> {
  const { log, fresh, activity, onOff, patience = firstLook } = options;
  const line = createLastLine();
  const closed = new AbortController();
  let off = false;
  let looking = false;

  const look = async (): Promise<void> => {
    for (let wait = patience; saysOff(line.text); wait = Math.min(2 * wait, longestLook)) {
      const before = activity();
      await delay(wait, undefined, { signal: closed.signal, ref: false });
      const after = activity();
      if (after === null) return;
      if (before !== after || !saysOff(line.text)) continue;
      off = true;
      return onOff();
    }
  };
  const follower = await followFile(log, fresh ? 0 : history, (bytes) => {
    line.hear(Buffer.from(bytes).toString('latin1'));
    if (looking || off || closed.signal.aborted || !saysOff(line.text)) return;
    looking = true;
    // The only thing that can go wrong is that nobody wants to know any more.
    void look()
      .catch(() => {})
      .finally(() => (looking = false));
  });
  return {
    get off() {
      return off;
    },
    close() {
      closed.abort();
      void follower.close();
    },
  };
}
