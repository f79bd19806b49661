// SPDX-License-Identifier: Apache-2.0
import type { KeyboardEventHandler, RefObject } from 'react';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

interface SearchInputProps {
  field: RefObject<HTMLInputElement | null>;
  className: string;
  value: string;
  words: { label: string; hint: string; clear: string };
  /** As aria-keyshortcuts says them */
  shortcuts?: string;
  onChange(value: string): void;
  onKeyDown: KeyboardEventHandler<HTMLInputElement>;
}

/** A field to search in, with a button that clears it. */
export function SearchInput({
  field,
  className,
  value,
  words,
  shortcuts,
  onChange,
  onKeyDown,
}: SearchInputProps) {
  return (
    <div className={className} role="search">
      <Icon name="search" />
      <input
        ref={field}
        className="input"
        type="text"
        inputMode="search"
        enterKeyHint="search"
        aria-label={words.label}
        aria-keyshortcuts={shortcuts}
        placeholder={words.hint}
        value={value}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {value !== '' && (
        <Button
          label={words.clear}
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
