// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';
import type { Signal } from '../service/signal.ts';

interface Connected {
  link: Signal<'connecting' | 'connected' | 'ended'>;
  close(): void;
}

/**
 * Keeps a connection to a running machine open for as long as the component is there, also when it is lost meanwhile.
 * @param open begins it; another function closes the one there is and opens another. null when that cannot be yet
 * @param patience how long a lost one is waited for (ms), at first and then longer
 */
export function useReopened<Opened extends Connected>(
  open: () => Opened | null,
  patience: readonly number[],
): Opened | null {
  const [opened, setOpened] = useState<Opened | null>(null);
  // Goes up with each loss: that opens the next connection.
  const [losses, setLosses] = useState(0);
  useEffect(() => {
    const current = open();
    if (current === null) return undefined;
    setOpened(current);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = current.link.subscribe(() => {
      if (current.link.get() !== 'ended') return;
      timer = setTimeout(
        () => setLosses((count) => count + 1),
        patience[Math.min(losses, patience.length - 1)],
      );
    });
    return () => {
      stop();
      clearTimeout(timer);
      current.close();
      setOpened(null);
    };
  }, [open, patience, losses]);
  return opened;
}
