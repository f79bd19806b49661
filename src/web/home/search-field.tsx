// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';
import { SearchInput } from '../parts/search-input.tsx';
import { useText } from '../text/language.ts';

/** Reached with Ctrl+F or "/"; Escape clears it. */
export function SearchField({ value, onChange }: { value: string; onChange(value: string): void }) {
  const { home } = useText();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof Element && event.target.matches('input, textarea, select');
      const isFind =
        event.key === 'f' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      const isSlash = event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey;
      // The second Ctrl+F is the browser's own search.
      if ((!isFind && !isSlash) || document.activeElement === field.current) return;
      if (document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <SearchInput
      field={field}
      className="search"
      value={value}
      words={{ label: home.search, hint: home.searchHint, clear: home.clearSearch }}
      shortcuts="Control+F /"
      onChange={onChange}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        if (value === '') field.current?.blur();
        else onChange('');
      }}
    />
  );
}
