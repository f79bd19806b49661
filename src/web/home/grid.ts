// SPDX-License-Identifier: Apache-2.0

/** How cards are laid out in a width (px). */
export interface Layout {
  columns: number;
  cardWidth: number;
  pictureHeight: number;
  cardHeight: number;
}

/** Space between cards, px. */
export const gap = 14;
// A card is never narrower than its text needs (px), and a picture is as wide as most screens are.
const least = 232;
const aspect = 16 / 10;
// Name, state, load and buttons, in units of the font's size; home.css gives the body this height.
const bodyHeight = 9.4;

/** @param fontSize of the page (px) */
export function layOut(width: number, fontSize: number): Layout {
  const columns = Math.max(1, Math.floor((width + gap) / (least + gap)));
  const cardWidth = Math.floor((width - gap * (columns - 1)) / columns);
  // A single column on a small screen would show one picture and nothing else.
  const pictureHeight = Math.round(Math.min(cardWidth / aspect, 220));
  return { columns, cardWidth, pictureHeight, cardHeight: pictureHeight + Math.round(bodyHeight * fontSize) };
}

/** The card that an arrow key leads to from card `index`, or null when there is none or it is another key. */
export function neighbour(key: string, index: number, count: number, columns: number): number | null {
  const target = {
    ArrowLeft: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index - columns,
    ArrowDown: index + columns,
    Home: 0,
    End: count - 1,
  }[key];
  return target === undefined || target < 0 || target >= count ? null : target;
}
