// SPDX-License-Identifier: Apache-2.0
import { useVirtualizer, defaultRangeExtractor } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { MachineSummary } from '../../contract/api.ts';
import { useText } from '../text/language.ts';
import { fetchScreenshot } from './fetch-screenshot.ts';
import { gap, layOut, neighbour } from './grid.ts';
import { MachineCard } from './machine-card.tsx';
import { createThumbnailFeed } from './thumbnail-feed.ts';
import { useWidth } from './use-width.ts';

/**
 * Cards in rows; only the rows in sight exist in the document. A card keeps its element when the order changes, and
 * the card that has the focus stays in the document.
 */
export function MachineGrid({ machines }: { machines: readonly MachineSummary[] }) {
  const { home } = useText();
  const list = useRef<HTMLUListElement>(null);
  const [width, fontSize, offset] = useWidth(list);
  const { columns, cardWidth, pictureHeight, cardHeight } = layOut(width, fontSize);
  const [feed] = useState(() =>
    createThumbnailFeed(fetchScreenshot, () => document.visibilityState === 'visible'),
  );
  const [focused, setFocused] = useState<string | null>(null);
  const focusedRow = Math.floor(machines.findIndex(({ id }) => id === focused) / columns);
  const wanted = useRef<string | null>(null);

  const rows = useVirtualizer({
    count: Math.ceil(machines.length / columns),
    getScrollElement: () => list.current?.closest('main') ?? null,
    estimateSize: () => cardHeight,
    gap,
    overscan: 1,
    scrollMargin: offset,
    rangeExtractor: (range) => {
      const inSight = defaultRangeExtractor(range);
      return focusedRow < 0 || inSight.includes(focusedRow)
        ? inSight
        : [...inSight, focusedRow].sort((a, b) => a - b);
    },
  });
  useEffect(() => rows.measure(), [rows, cardHeight]);

  const cardLink = (id: string): HTMLElement | null =>
    list.current?.querySelector<HTMLElement>(`[data-machine="${CSS.escape(id)}"] .machine-link`) ?? null;
  // The card that an arrow key leads to may have to come into the document first.
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const link = cardLink(wanted.current);
    if (link === null) return;
    wanted.current = null;
    link.focus();
  });

  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>): void => {
    if (!(event.target instanceof HTMLElement) || !event.target.matches('.machine-link')) return;
    const index = machines.findIndex(({ id }) => id === focused);
    const target = neighbour(event.key, index, machines.length, columns);
    const machine = target === null ? undefined : machines[target];
    if (target === null || machine === undefined) return;
    event.preventDefault();
    wanted.current = machine.id;
    rows.scrollToIndex(Math.floor(target / columns));
    setFocused(machine.id);
  };

  return (
    <ul
      ref={list}
      className="machine-grid"
      aria-label={home.list}
      style={{ height: rows.getTotalSize() }}
      onKeyDown={onKeyDown}
      onFocus={({ target }) =>
        setFocused(target.closest('[data-machine]')?.getAttribute('data-machine') ?? null)
      }
      onBlur={({ relatedTarget, currentTarget }) => {
        if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) setFocused(null);
      }}
    >
      {width > 0 &&
        rows.getVirtualItems().flatMap((row) =>
          machines.slice(row.index * columns, (row.index + 1) * columns).map((machine, column) => (
            <li
              key={machine.id}
              data-machine={machine.id}
              aria-setsize={machines.length}
              aria-posinset={row.index * columns + column + 1}
              style={{
                width: cardWidth,
                height: cardHeight,
                transform: `translate(${column * (cardWidth + gap)}px, ${row.start - offset}px)`,
              }}
            >
              <MachineCard machine={machine} pictureHeight={pictureHeight} feed={feed} />
            </li>
          )),
        )}
    </ul>
  );
}
