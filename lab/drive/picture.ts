// SPDX-License-Identifier: Apache-2.0
//
// What is on a screen, as far as a program can tell: how many colours, and how much of it is one.
import { inflateSync } from 'node:zlib';

export interface Picture {
  width: number;
  height: number;
  /** How many different ones */
  colours: number;
  /** Share of the most frequent colour, from 0 to 1 */
  most: number;
}

/**
 * Reads a PNG as QEMU writes it: 8 bits for each of red, green and blue. https://www.w3.org/TR/png-3/
 * @param margin share of the width at either side, and of the height at either end, whose colours do not count
 */
export function readPicture(png: Buffer, margin = 0): Picture {
  if (png.toString('latin1', 1, 4) !== 'PNG') throw new Error('it is no PNG');
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const kind = png[25];
  if (png[24] !== 8 || (kind !== 2 && kind !== 6))
    throw new Error('it is not the kind of PNG that QEMU writes');
  const bytes = kind === 2 ? 3 : 4;
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const rows = unfiltered(inflateSync(Buffer.concat(parts)), width * bytes, height, bytes);
  const counts = new Map<number, number>();
  const [left, top] = [Math.round(width * margin), Math.round(height * margin)];
  for (let row = top; row < height - top; row += 1)
    for (let column = left; column < width - left; column += 1) {
      const colour = rows.readUIntBE((row * width + column) * bytes, 3);
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
  const most = Math.max(...counts.values()) / ((width - 2 * left) * (height - 2 * top));
  return { width, height, colours: counts.size, most };
}

/** Each row says by which of five rules its bytes differ from their neighbours. */
function unfiltered(data: Buffer, length: number, height: number, bytes: number): Buffer {
  const out = Buffer.alloc(length * height);
  for (let row = 0; row < height; row += 1) {
    const filter = data[row * (length + 1)] ?? 0;
    for (let column = 0; column < length; column += 1) {
      const at = row * length + column;
      const left = column < bytes ? 0 : (out[at - bytes] ?? 0);
      const above = row === 0 ? 0 : (out[at - length] ?? 0);
      const corner = row === 0 || column < bytes ? 0 : (out[at - length - bytes] ?? 0);
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter] ?? 0;
      out[at] = (data[row * (length + 1) + 1 + column] ?? 0) + guess;
    }
  }
  return out;
}

function paeth(left: number, above: number, corner: number): number {
  const sum = left + above - corner;
  const [a, b, c] = [Math.abs(sum - left), Math.abs(sum - above), Math.abs(sum - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}
