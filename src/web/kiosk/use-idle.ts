// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'react';

const signs = ['keydown', 'pointermove', 'pointerdown', 'wheel'] as const;

/** Calls `onIdle` once when nobody used keyboard or pointer for so long. @param minutes null: never */
export function useIdle(minutes: number | null, onIdle: () => void): void {
  useEffect(() => {
    if (minutes === null) return;
    let timer: ReturnType<typeof setTimeout>;
    const begin = (): void => {
      clearTimeout(timer);
      timer = setTimeout(onIdle, minutes * 60_000);
    };
    begin();
    for (const sign of signs) addEventListener(sign, begin, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      for (const sign of signs) removeEventListener(sign, begin, { capture: true });
    };
  }, [minutes, onIdle]);
}
