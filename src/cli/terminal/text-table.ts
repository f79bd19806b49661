// SPDX-License-Identifier: Apache-2.0

/** A cell: its text, and what it becomes on a terminal (colour). The width is that of the text. */
export type Cell = string | { text: string; shown: string };

export interface Column {
  title: string;
  align?: 'right';
}

/** Lines of an aligned table; the last column is not padded. Texts must be safe to print (`plain`). */
export function textTable(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string[] {
  const lines = [columns.map((column): Cell => column.title), ...rows];
  const widths = columns.map((_, index) =>
    Math.max(...lines.map((line) => displayWidth(textOf(line[index] ?? '')))),
  );
  return lines.map((line) =>
    columns
      .map((column, index) => {
        const cell = line[index] ?? '';
        const shown = typeof cell === 'string' ? cell : cell.shown;
        const gap = ' '.repeat((widths[index] ?? 0) - displayWidth(textOf(cell)));
        if (column.align === 'right') return gap + shown;
        return index === columns.length - 1 ? shown : shown + gap;
      })
      .join('  ')
      .trimEnd(),
  );
}

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text);

const segmenter = new Intl.Segmenter();
// Scripts whose characters take two columns, and the full-width forms (Unicode Standard Annex 11, in essence).
const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
const emoji = /\p{Emoji_Presentation}|\ufe0f/u;
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

/** Columns a text takes on a terminal, as nearly as terminals agree about emoji. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    if (!invisible.test(segment)) width += wide.test(segment) || emoji.test(segment) ? 2 : 1;
  }
  return width;
}
