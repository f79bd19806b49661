// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useRef, useState } from 'react';

export interface Action<Args extends unknown[]> {
  /** Does it, unless it is being done already. Resolves to whether it went well. */
  run(...args: Args): Promise<boolean>;
  busy: boolean;
  /** Why the last attempt failed; null after a success and while one is under way */
  error: unknown;
  clear(): void;
}

/** Something a person asked for: busy while it lasts, and its error belongs beside the button. */
export function useAction<Args extends unknown[]>(work: (...args: Args) => Promise<unknown>): Action<Args> {
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  const latest = useRef(work);
  useEffect(() => {
    latest.current = work;
  });
  const busy = useRef(false);
  const run = useCallback(async (...args: Args): Promise<boolean> => {
    if (busy.current) return false;
    busy.current = true;
    setState({ busy: true, error: null });
    try {
      await latest.current(...args);
      setState({ busy: false, error: null });
      return true;
    } catch (error) {
      setState({ busy: false, error });
      return false;
    } finally {
      busy.current = false;
    }
  }, []);
  const clear = useCallback(() => setState({ busy: false, error: null }), []);
  return { run, ...state, clear };
}
