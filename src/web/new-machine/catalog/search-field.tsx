// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';
import { SearchInput } from '../../parts/search-input.tsx';
import { useCatalogText } from './words.ts';

interface SystemSearchProps {
  value: string;
  onChange(value: string): void;
  /** Enter: what was found first */
  onEnter(): void;
}

/** It has the keyboard at once, except where that would open a keyboard on the screen. Escape clears it. */
export function SystemSearch({ value, onChange, onEnter }: SystemSearchProps) {
  const text = useCatalogText();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) field.current?.focus({ preventScroll: true });
  }, []);
  return (
    <SearchInput
      field={field}
      className="system-search"
      value={value}
      words={{ label: text.search, hint: text.searchHint, clear: text.clear }}
      onChange={onChange}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && value !== '') onChange('');
        if (event.key !== 'Enter') return;
        // Here it means "this one", not "next".
        event.preventDefault();
        if (value.trim() !== '') onEnter();
      }}
    />
  );
}
