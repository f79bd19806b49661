// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';

// How long the pointer rests in the corner, or a finger on it (ms): nobody does that on the way to something else.
const rest = 800;
// The corner: the last pixels for a pointer, which the edge stops, and what a finger can hit (px).
const small = 3;
const large = 32;

/**
 * The way to the menu without a keyboard: the pointer rests in the top right corner, or a finger is held there. The guest
 * sees the pointer there as well; it cannot keep it from us.
 */
export function useCorner(onCorner: () => void): void {
  // A pointer that rests sends nothing more, so what is drawn anew meanwhile must not begin to wait again.
  const latest = useRef(onCorner);
  useEffect(() => {
    latest.current = onCorner;
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const isIn = ({ clientX, clientY, pointerType }: PointerEvent): boolean => {
      const size = pointerType === 'touch' ? large : small;
      return clientX >= innerWidth - size && clientY < size;
    };
    const leave = (): void => {
      clearTimeout(timer);
      timer = undefined;
    };
    const look = (event: PointerEvent): void => {
      // A finger that only passes over does not count, and a button that is held is dragging something.
      const counts = event.pointerType === 'touch' ? event.buttons !== 0 : event.buttons === 0;
      if (!isIn(event) || !counts) leave();
      else timer ??= setTimeout(() => latest.current(), rest);
    };
    const looked = ['pointermove', 'pointerdown'] as const;
    const left = ['pointerup', 'pointercancel'] as const;
    for (const type of looked) addEventListener(type, look, { capture: true });
    for (const type of left) addEventListener(type, leave, { capture: true });
    return () => {
      leave();
      for (const type of looked) removeEventListener(type, look, { capture: true });
      for (const type of left) removeEventListener(type, leave, { capture: true });
    };
  }, []);
}
