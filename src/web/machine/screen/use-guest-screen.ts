// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState, type RefObject } from 'react';
import { webSocketUrl } from '../../service/api.ts';
import type { Fit } from './frame.ts';
import { openGuestScreen, type GuestScreen, type LinkSpeed } from './guest-screen.ts';

// How long to wait before a lost screen is connected again (ms), at first and then longer.
const patience = [300, 1000, 3000];

interface Wanted {
  area: RefObject<HTMLElement | null>;
  machineId: string;
  label: string;
  /** The machine runs, so there is a screen */
  live: boolean;
  fit: Fit;
  speed: LinkSpeed;
}

/** Keeps a connection to the screen for as long as there is one. Null while there is none. */
export function useGuestScreen({ area, machineId, label, live, fit, speed }: Wanted): GuestScreen | null {
  const [screen, setScreen] = useState<GuestScreen | null>(null);
  // Goes up with each loss: that opens the next connection.
  const [losses, setLosses] = useState(0);

  useEffect(() => {
    if (!live || area.current === null) return undefined;
    const opened = openGuestScreen({
      area: area.current,
      url: webSocketUrl('display', machineId),
      label,
      fit,
      speed,
    });
    setScreen(opened);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = opened.link.subscribe(() => {
      if (opened.link.get() !== 'ended') return;
      timer = setTimeout(
        () => setLosses((count) => count + 1),
        patience[Math.min(losses, patience.length - 1)],
      );
    });
    return () => {
      stop();
      clearTimeout(timer);
      opened.close();
      setScreen(null);
    };
    // The fit is changed in place, below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [area, machineId, label, live, speed, losses]);

  useEffect(() => screen?.setFit(fit), [screen, fit]);
  return screen;
}
