// SPDX-License-Identifier: Apache-2.0

type Key = Pick<KeyboardEvent, 'type' | 'code'>;

/**
 * The way out of the guest's keyboard that always works: left Ctrl and left Alt pressed together and let go
 * with nothing between, as in other virtual machines. Guests give no meaning to that.
 * @returns tells for each key event whether the chord is complete with it
 */
export function releaseChord(): (event: Key) => boolean {
  const held = new Set<string>();
  let clean = true;
  let complete = false;
  return ({ type, code }) => {
    if (type === 'keydown') {
      if (code !== 'ControlLeft' && code !== 'AltLeft') clean = false;
      held.add(code);
      complete = clean && held.has('ControlLeft') && held.has('AltLeft');
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
