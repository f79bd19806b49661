// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useRef } from 'react';

/** Tells whether the component is still shown: who has gone elsewhere meanwhile is not led back. */
export function useStillHere(): () => boolean {
  const here = useRef(false);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  return useCallback(() => here.current, []);
}
