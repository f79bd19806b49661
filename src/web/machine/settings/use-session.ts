// SPDX-License-Identifier: Apache-2.0
import { useCallback, useState } from 'react';

/**
 * Something typed that must not get lost when the view is left or the page is loaded again. It ends with the
 * browser's tab; null removes it.
 */
export function useSession<Value>(key: string): [Value | null, (value: Value | null) => void] {
  const [value, setValue] = useState<Value | null>(() => {
    const text = sessionStorage.getItem(key);
    return text === null ? null : (JSON.parse(text) as Value);
  });
  const keep = useCallback(
    (next: Value | null) => {
      if (next === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(next));
      setValue(next);
    },
    [key],
  );
  return [value, keep];
}
