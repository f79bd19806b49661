// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
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
    <div className="system-search" role="search">
      <Icon name="search" />
      <input
        ref={field}
        className="input"
        type="text"
        inputMode="search"
        enterKeyHint="search"
        aria-label={text.search}
        placeholder={text.searchHint}
        value={value}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value !== '') onChange('');
          if (event.key !== 'Enter') return;
          // Here it means "this one", not "next".
          event.preventDefault();
          if (value.trim() !== '') onEnter();
        }}
      />
      {value !== '' && (
        <Button
          label={text.clear}
          icon="close"
          kind="flat"
          iconOnly
          onClick={() => {
            onChange('');
            field.current?.focus();
          }}
        />
      )}
    </div>
  );
}
