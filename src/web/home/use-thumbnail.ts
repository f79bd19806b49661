// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState, type RefObject } from 'react';
import { useInSight } from '../parts/use-in-sight.ts';
import type { ThumbnailFeed } from './thumbnail-feed.ts';

/** live: the screen changes; still: it has a screen that stands still; none: there is nothing to see */
export type Liveliness = 'live' | 'still' | 'none';

/**
 * The address of the latest picture of a machine's screen, while the element is in sight. A paused machine keeps its
 * last picture; without one, and for a machine that is off, null.
 */
export function useThumbnail(
  feed: ThumbnailFeed,
  machineId: string,
  liveliness: Liveliness,
  element: RefObject<HTMLElement | null>,
): string | null {
  const [url, setUrl] = useState<string | null>(null);
  const inSight = useInSight(element);

  const isWatched = inSight && liveliness !== 'none';
  useEffect(() => {
    if (!isWatched) return;
    return feed.watch(machineId, liveliness === 'live', (picture) => setUrl(URL.createObjectURL(picture)));
  }, [feed, machineId, isWatched, liveliness]);

  // A picture is let go of as soon as the next one is shown.
  useEffect(() => {
    if (url === null) return;
    return () => URL.revokeObjectURL(url);
  }, [url]);
  return liveliness === 'none' ? null : url;
}
