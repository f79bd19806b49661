// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';

/** One of some values, remembered by this browser; the first one before a choice. */
export function useKept<Value extends string>(
  key: string,
  values: readonly [Value, ...Value[]],
): [Value, (value: Value) => void] {
  const [value, setValue] = useState<Value>(() => {
    const kept = localStorage.getItem(key);
    return values.find((known) => known === kept) ?? values[0];
  });
  return [
    value,
    (next) => {
      localStorage.setItem(key, next);
      setValue(next);
    },
  ];
}
