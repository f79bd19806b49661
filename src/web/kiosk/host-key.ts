// SPDX-License-Identifier: Apache-2.0
import type { HostKey } from '../../contract/favourite.ts';
import { releaseChord } from '../machine/screen/release-chord.ts';

/** The keys of each, as browsers name them: by their place on the keyboard, whatever its layout. */
export const hostKeyCodes: Readonly<Record<HostKey, readonly string[]>> = {
  'ctrl-alt': ['ControlLeft', 'AltLeft'],
  'right-ctrl': ['ControlRight'],
  'both-ctrl': ['ControlLeft', 'ControlRight'],
  'both-shift': ['ShiftLeft', 'ShiftRight'],
  'scroll-lock': ['ScrollLock'],
};

/**
 * Calls `onHostKey` whenever the host key is pressed and let go, whoever has the focus: it listens before everybody else,
 * and to the window, so a guest whose screen hangs cannot keep the keys.
 * @returns what ends that
 */
export function watchHostKey(hostKey: HostKey, onHostKey: () => void): () => void {
  let isChord = releaseChord(hostKeyCodes[hostKey]);
  const onKey = (event: KeyboardEvent): void => {
    if (isChord(event)) onHostKey();
  };
  // A key that is let go elsewhere is never heard of again, and one that is held for a click is meant for that.
  const forget = (): void => {
    isChord = releaseChord(hostKeyCodes[hostKey]);
  };
  for (const type of ['keydown', 'keyup'] as const) addEventListener(type, onKey, { capture: true });
  for (const type of ['blur', 'pointerdown'] as const) addEventListener(type, forget, { capture: true });
  return () => {
    for (const type of ['keydown', 'keyup'] as const) removeEventListener(type, onKey, { capture: true });
    for (const type of ['blur', 'pointerdown'] as const) removeEventListener(type, forget, { capture: true });
  };
}
