// SPDX-License-Identifier: Apache-2.0
import { useMemo, useSyncExternalStore } from 'react';
import type { LoadReport, LoadSample } from '../../contract/load.ts';
import { streamPaths } from '../../contract/operations.ts';
import { apiPath } from './api.ts';
import { useConnection } from './context.ts';

export interface LoadFeed {
  /** null before the first message */
  latest(): LoadReport | null;
  subscribe(listener: () => void): () => void;
}

/**
 * The stream of loads, open only while something on the page shows them and the page itself is looked at:
 * the service looks at the machines only as often as somebody listens.
 */
export function createLoadFeed(): LoadFeed {
  const listeners = new Set<() => void>();
  let source: EventSource | null = null;
  let report: LoadReport | null = null;

  const update = (): void => {
    const wanted = listeners.size > 0 && document.visibilityState === 'visible';
    if (!wanted) {
      source?.close();
      source = null;
    } else if (source === null) {
      source = new EventSource(apiPath(streamPaths.load));
      source.addEventListener('message', ({ data }: MessageEvent<string>) => {
        report = JSON.parse(data) as LoadReport;
        for (const listener of listeners) listener();
      });
      // When the service was gone, the connection's banner says so; this stream begins anew with it.
      source.addEventListener('error', () => {
        source?.close();
        source = null;
        setTimeout(update, 2000);
      });
    }
  };

  document.addEventListener('visibilitychange', update);
  return {
    latest: () => report,
    subscribe(listener) {
      listeners.add(listener);
      update();
      return () => {
        listeners.delete(listener);
        update();
      };
    },
  };
}

/** The latest look at all running machines; null before the first one. */
export function useLoadReport(): LoadReport | null {
  const { load } = useConnection();
  return useSyncExternalStore(load.subscribe, load.latest);
}

/** The latest sample of one machine; null when it does not run or was not looked at yet. */
export function useLoad(machineId: string): LoadSample | null {
  const report = useLoadReport();
  return useMemo(
    () => report?.machines.find((sample) => sample.machineId === machineId) ?? null,
    [report, machineId],
  );
}
