// SPDX-License-Identifier: Apache-2.0
import { useLayoutEffect, useState, type RefObject } from 'react';

/**
 * The width of an element, the size of the page's font, and how far below the top of the scrolled area the element
 * begins, all in px; zeros before it was laid out.
 */
export function useWidth(element: RefObject<HTMLElement | null>): readonly [number, number, number] {
  const [sizes, setSizes] = useState<readonly [number, number, number]>([0, 15, 0]);
  useLayoutEffect(() => {
    const { current } = element;
    const scrolled = current?.closest('main') ?? null;
    if (current === null || scrolled === null) return;
    const measure = (): void => {
      const fontSize = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const { top } = current.getBoundingClientRect();
      const offset = Math.round(top - scrolled.getBoundingClientRect().top + scrolled.scrollTop);
      setSizes((before) => {
        const now = [current.clientWidth, fontSize, offset] as const;
        return now.every((size, index) => size === before[index]) ? before : now;
      });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    // What stands above it, e.g. a machine that is being made, moves it.
    if (current.parentElement !== null) observer.observe(current.parentElement);
    return () => observer.disconnect();
  }, [element]);
  return sizes;
}
