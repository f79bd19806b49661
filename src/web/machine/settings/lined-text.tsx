// SPDX-License-Identifier: Apache-2.0
import { useRef, type Ref } from 'react';

interface LinedTextProps {
  ref: Ref<HTMLTextAreaElement>;
  label: string;
  value: string;
  /** Numbers of lines with a mistake */
  marked: readonly number[];
  onChange(value: string): void;
  onSave(): void;
}

/** A text field for code, with the numbers of its lines beside it. Tab leaves it, as it leaves every field. */
export function LinedText({ ref, label, value, marked, onChange, onSave }: LinedTextProps) {
  const numbers = useRef<HTMLDivElement>(null);
  const lines = value.split('\n');
  return (
    <div className="lined-text">
      <div ref={numbers} className="line-numbers mono" aria-hidden="true">
        {lines.map((_, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- a line has no other name than its number
          <div key={index} className={marked.includes(index + 1) ? 'marked' : undefined}>
            {index + 1}
          </div>
        ))}
      </div>
      <textarea
        ref={ref}
        className="mono"
        aria-label={label}
        value={value}
        rows={Math.min(40, lines.length + 1)}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
        onScroll={({ currentTarget }) => {
          if (numbers.current !== null) numbers.current.scrollTop = currentTarget.scrollTop;
        }}
        onKeyDown={(event) => {
          if (!(event.ctrlKey || event.metaKey) || event.key !== 's') return;
          event.preventDefault();
          onSave();
        }}
      />
    </div>
  );
}
