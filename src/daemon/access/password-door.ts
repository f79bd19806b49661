// SPDX-License-Identifier: Apache-2.0
//
// Looks at passwords that were typed: one at a time, because each takes 32 MiB, and not faster than tries.ts allows.
import { PhyllomeError } from '../../contract/errors.ts';
import { isPassword, type PasswordHash } from '../../host/access/password.ts';
import { placeOf, type Tries } from './tries.ts';

// How many may wait for their turn; with half a second each, more would wait longer than people do.
const mostWaiting = 8;

export interface PasswordDoor {
  /**
   * @param from the address whoever typed it is at
   * @throws PhyllomeError `password-wrong`, `too-many-tries`
   */
  require(given: string, kept: PasswordHash, from: string): Promise<void>;
}

export function createPasswordDoor(tries: Tries, check: typeof isPassword = isPassword): PasswordDoor {
  let last: Promise<unknown> = Promise.resolve();
  const waiting = new Set<string>();

  const requireTime = (from: string): void => {
    const seconds = Math.ceil(tries.wait(from) / 1000);
    if (seconds > 0) throw new PhyllomeError('too-many-tries', { seconds });
  };
  return {
    async require(given, kept, from) {
      requireTime(from);
      // From one place one at a time: otherwise a hundred at once would all be looked at before the first one counts.
      const place = placeOf(from);
      if (waiting.has(place) || waiting.size >= mostWaiting)
        throw new PhyllomeError('too-many-tries', { seconds: 1 });
      waiting.add(place);
      const turn = last.then(async () => {
        requireTime(from);
        if (await check(given, kept)) tries.succeeded(from);
        else {
          tries.failed(from);
          throw new PhyllomeError('password-wrong');
        }
      });
      last = turn.catch(() => {});
      try {
        await turn;
      } finally {
        waiting.delete(place);
      }
    },
  };
}
