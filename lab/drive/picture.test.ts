// SPDX-License-Identifier: Apache-2.0
import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readPicture } from './picture.ts';

// A PNG of given rows, each with the filter that its first number names.
function png(width: number, rows: readonly number[][]): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, data, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(rows.length, 4);
  header.set([8, 2], 8);
  const magic = Buffer.from('\u0089PNG\r\n\u001A\n', 'latin1');
  const data = deflateSync(Buffer.from(rows.flat()));
  return Buffer.concat([magic, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

test('counts colours', () => {
  const rows = [
    [0, 10, 20, 30, 10, 20, 30],
    [0, 10, 20, 30, 99, 99, 99],
  ];
  expect(readPicture(png(2, rows))).toEqual({ width: 2, height: 2, colours: 2, most: 0.75 });
});

test('leaves the edge out', () => {
  const edge = Array.from({ length: 4 }, () => [10, 20, 30]).flat();
  const row = [10, 20, 30, 99, 99, 99, 99, 99, 99, 10, 20, 30];
  const rows = [edge, row, row, edge].map((bytes) => [0, ...bytes]);
  expect(readPicture(png(4, rows), 0.25)).toMatchObject({ colours: 1, most: 1 });
  expect(readPicture(png(4, rows))).toMatchObject({ colours: 2, most: 0.75 });
});

test.each([
  ['left', [1, 10, 20, 30, 0, 0, 0], [1, 10, 20, 30, 0, 0, 0]],
  ['above', [0, 10, 20, 30, 10, 20, 30], [2, 0, 0, 0, 0, 0, 0]],
  ['mean', [0, 10, 20, 30, 10, 20, 30], [3, 5, 10, 15, 0, 0, 0]],
  ['Paeth', [0, 10, 20, 30, 10, 20, 30], [4, 0, 0, 0, 0, 0, 0]],
])('follows the rule "%s"', (_, first, second) => {
  expect(readPicture(png(2, [first, second]))).toMatchObject({ colours: 1, most: 1 });
});

test('anything else is refused', () => {
  expect(() => readPicture(Buffer.from('GIF89a'))).toThrow('no PNG');
});
