// SPDX-License-Identifier: Apache-2.0
import { displayWidth } from './text-table.ts';

/** Columns that every usual terminal has. */
const lineWidth = 80;

/** A text as lines that fit on a terminal; each begins with the indent. A word that is too long stays whole. */
export function wrapLines(text: string, indent = '', width = lineWidth): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line === '') line = word;
    else if (displayWidth(indent) + displayWidth(line) + displayWidth(word) < width) line += ` ${word}`;
    else {
      lines.push(indent + line);
      line = word;
    }
  }
  return [...lines, indent + line];
}
