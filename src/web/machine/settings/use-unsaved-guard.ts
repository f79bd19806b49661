// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'react';

/** Has the browser ask before its tab is closed while something is not saved. Other views of the page lose nothing. */
export function useUnsavedGuard(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [unsaved]);
}
