// SPDX-License-Identifier: Apache-2.0

type Key = Pick<KeyboardEvent, 'type' | 'code'> & { timeStamp?: number };

// A key that was held for so long without a word (ms) was let go where nobody saw it.
const forgotten = 10_000;

/**
 * The way out of the guest's keyboard that always works: some keys, as it comes left Ctrl and left Alt, pressed together
 * and let go with nothing between, as in other virtual machines. Guests give no meaning to that.
 * @returns tells for each key event whether the chord is complete with it
 */
export function releaseChord(codes: readonly string[] = ['ControlLeft', 'AltLeft']): (event: Key) => boolean {
  const held = new Map<string, number>();
  let clean = true;
  let complete = false;
  return ({ type, code, timeStamp = 0 }) => {
    for (const [key, at] of held) if (timeStamp - at > forgotten) held.delete(key);
    if (type === 'keydown') {
      if (held.size === 0) {
        clean = true;
        complete = false;
      }
      if (!codes.includes(code)) clean = false;
      held.set(code, timeStamp);
      complete = clean && codes.every((wanted) => held.has(wanted));
      return false;
    }
    held.delete(code);
    if (held.size > 0) return false;
    // All keys are up: the chord counts when nothing else was pressed since the last time they were.
    const done = complete && clean;
    clean = true;
    complete = false;
    return done;
  };
}
