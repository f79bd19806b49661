// SPDX-License-Identifier: Apache-2.0
import { useId, type KeyboardEvent } from 'react';
import { tileName, type Family } from './families.ts';
import { Monogram } from './monogram.tsx';

interface FamilyGridProps {
  title: string;
  families: readonly Family[];
  /** large: a card with a big picture; small: a line */
  look: 'large' | 'small';
  /** Family of what is chosen */
  chosen: string | null;
  onOpen(family: Family): void;
}

/** Families of systems as tiles. Tab goes from one to the next, the arrows also up and down. */
export function FamilyGrid({ title, families, look, chosen, onOpen }: FamilyGridProps) {
  const heading = useId();
  if (families.length === 0) return null;
  return (
    <section className="group" aria-labelledby={heading}>
      <h2 id={heading}>{title}</h2>
      <ul className="family-grid" data-look={look} onKeyDown={moveFocus}>
        {families.map((family) => (
          <li key={family.id}>
            <button
              type="button"
              className="card family-tile"
              data-family={family.id}
              {...(family.id === chosen && { 'aria-current': 'true' as const })}
              onClick={() => onOpen(family)}
            >
              <Monogram
                name={tileName(family.systems[0])}
                colour={family.colour}
                size={look === 'large' ? 60 : 34}
              />
              <span className="family-name">{tileName(family.systems[0])}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Arrows go to the neighbour on the screen, however many tiles a line has. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const tiles = [...event.currentTarget.querySelectorAll('button')];
  const index = tiles.indexOf(document.activeElement as HTMLButtonElement);
  const current = tiles[index];
  if (current === undefined) return;
  const { left, top } = current.getBoundingClientRect();
  const below = (side: 1 | -1) =>
    tiles
      .filter((tile) => (tile.getBoundingClientRect().top - top) * side > 1)
      .toSorted((a, b) => distance(a, left, top) - distance(b, left, top))[0];
  const target = {
    ArrowRight: tiles[index + 1],
    ArrowLeft: tiles[index - 1],
    ArrowDown: below(1),
    ArrowUp: below(-1),
    Home: tiles[0],
    End: tiles.at(-1),
  }[event.key];
  if (target === undefined) return;
  event.preventDefault();
  target.focus();
}

function distance(tile: HTMLElement, left: number, top: number): number {
  const at = tile.getBoundingClientRect();
  return Math.hypot(at.left - left, (at.top - top) * 4);
}
