// SPDX-License-Identifier: Apache-2.0
import { useLayoutEffect, useRef } from 'react';
import { useText } from '../../text/language.ts';
import { visible } from './visible.ts';

/** The lines of a log. It stays at its end while lines come, unless somebody scrolled up to read. */
export function LogLines({ label, lines }: { label: string; lines: readonly string[] }) {
  const { log: text } = useText();
  const box = useRef<HTMLPreElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    if (atEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [lines]);
  if (lines.length === 0) return <p className="dim log-empty">{text.empty}</p>;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard
    <pre
      ref={box}
      className="log-lines"
      tabIndex={0}
      role="region"
      aria-label={label}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        // A pixel of tolerance: positions are fractions on screens that are zoomed.
        atEnd.current = scrollHeight - scrollTop - clientHeight < 4;
      }}
    >
      {lines.map(visible).join('\n')}
    </pre>
  );
}
