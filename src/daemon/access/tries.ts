// SPDX-License-Identifier: Apache-2.0
//
// How fast passwords may be tried: the more wrong ones, the longer until the next one counts. Refusing costs next to nothing,
// nobody waits on an open connection, and what is remembered has a limit however many addresses there are.
const second = 1000;
const address = { free: 5, longest: 15 * 60 * second };
// All addresses together; known ones (see isKnown) are not held up by what strangers do.
const everybody = { free: 30, longest: 60 * second };
// A count is forgotten this long after its last wrong password (ms).
const memory = 24 * 60 * 60 * second;
const mostAddresses = 1000;

interface Count {
  failures: number;
  /** When the last one was (ms) */
  last: number;
}

export interface Tries {
  /** How long until a password from there is looked at (ms); 0: now */
  wait(from: string): number;
  failed(from: string): void;
  succeeded(from: string): void;
}

/** @param isKnown somebody is signed in from there */
export function createTries(isKnown: (from: string) => boolean, now: () => number = Date.now): Tries {
  // In the order of the last failure, the oldest first.
  const counts = new Map<string, Count>();
  let all: Count = { failures: 0, last: 0 };

  const fresh = (count: Count | undefined): Count =>
    count === undefined || now() - count.last > memory ? { failures: 0, last: 0 } : count;
  const left = ({ failures, last }: Count, { free, longest }: typeof address): number => {
    if (failures < free) return 0;
    const delay = Math.min(longest, second * 2 ** Math.min(failures - free, 30));
    // A clock that was set back must not make it longer.
    return Math.min(delay, Math.max(0, last + delay - now()));
  };

  return {
    wait(from) {
      const own = left(fresh(counts.get(placeOf(from))), address);
      return isKnown(from) ? own : Math.max(own, left(fresh(all), everybody));
    },
    failed(from) {
      const place = placeOf(from);
      const { failures } = fresh(counts.get(place));
      counts.delete(place);
      counts.set(place, { failures: failures + 1, last: now() });
      for (const oldest of counts.keys()) {
        if (counts.size <= mostAddresses) break;
        counts.delete(oldest);
      }
      if (!isKnown(from)) all = { failures: fresh(all).failures + 1, last: now() };
    },
    succeeded(from) {
      counts.delete(placeOf(from));
    },
  };
}

/** One household has a whole /64 of IPv6 addresses, so that is what counts. */
export function placeOf(from: string): string {
  if (!from.includes(':')) return from;
  const [head = '', tail] = from.split('%', 1)[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  const whole = [...groups, ...Array<string>(zeros).fill('0'), ...rest];
  return `${whole
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
