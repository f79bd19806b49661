// SPDX-License-Identifier: Apache-2.0

/** Pictures of screens for many cards at once. */
export interface ThumbnailFeed {
  /**
   * Fetches the picture of a machine now, and again as long as it is watched.
   * @param again whether the screen can change; else one picture is enough
   * @returns what ends that
   */
  watch(machineId: string, again: boolean, onPicture: (picture: Blob) => void): () => void;
}

// Pause between two pictures of one machine (ms): enough to see that it does something.
const period = 3000;
// A browser opens six connections to one address at most; streams of events and clicks need some of them.
const atOnce = 2;

interface Watch {
  machineId: string;
  again: boolean;
  onPicture: (picture: Blob) => void;
  abort: AbortController;
}

/**
 * Takes turns: at most two pictures are on their way, and none while nobody looks at the page.
 * @param fetchPicture rejects where there is no picture at the moment
 * @param isVisible whether the page is looked at
 */
export function createThumbnailFeed(
  fetchPicture: (machineId: string, signal: AbortSignal) => Promise<Blob>,
  isVisible: () => boolean,
): ThumbnailFeed {
  const waiting: Watch[] = [];
  let underWay = 0;

  const enqueue = (watch: Watch): void => {
    if (watch.abort.signal.aborted) return;
    waiting.push(watch);
    void work();
  };
  const later = (watch: Watch): void => void setTimeout(() => enqueue(watch), period);

  async function work(): Promise<void> {
    if (underWay >= atOnce) return;
    const watch = waiting.shift();
    if (watch === undefined) return;
    const { signal } = watch.abort;
    if (signal.aborted) return work();
    if (!isVisible()) {
      later(watch);
      return work();
    }
    underWay += 1;
    let seen = false;
    try {
      const picture = await fetchPicture(watch.machineId, signal);
      seen = true;
      if (!signal.aborted) watch.onPicture(picture);
    } catch {
      // No picture: it has only just started, or is about to end. The card shows a drawing until there is one.
    }
    underWay -= 1;
    if (watch.again || !seen) later(watch);
    void work();
  }

  return {
    watch(machineId, again, onPicture) {
      const watch: Watch = { machineId, again, onPicture, abort: new AbortController() };
      enqueue(watch);
      return () => watch.abort.abort();
    },
  };
}
