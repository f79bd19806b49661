// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useRef, type RefObject } from 'react';
import { webSocketUrl } from '../../service/api.ts';
import { useReopened } from '../use-reopened.ts';
import type { Fit } from './frame.ts';
import { openGuestScreen, type GuestScreen, type LinkSpeed } from './guest-screen.ts';

const patience = [300, 1000, 3000];

interface Wanted {
  area: RefObject<HTMLElement | null>;
  machineId: string;
  label: string;
  fit: Fit;
  speed: LinkSpeed;
  keepsKeys?: boolean;
}

/** Keeps a connection to the screen of a running machine. Null while there is none. */
export function useGuestScreen({
  area,
  machineId,
  label,
  fit,
  speed,
  keepsKeys = false,
}: Wanted): GuestScreen | null {
  // Another fit changes the screen there is, below; the next one begins with the latest.
  const latestFit = useRef(fit);
  const open = useCallback(() => {
    if (area.current === null) return null;
    const url = webSocketUrl('display', machineId);
    return openGuestScreen({ area: area.current, url, label, fit: latestFit.current, speed, keepsKeys });
  }, [area, machineId, label, speed, keepsKeys]);
  const screen = useReopened(open, patience);
  useEffect(() => {
    latestFit.current = fit;
    screen?.setFit(fit);
  }, [screen, fit]);
  return screen;
}
