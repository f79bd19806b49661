// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMarkReader } from './marks.ts';

const mark = '0123456789abcdef0123456789abcdef';
const line = (words: string, end = '\n'): string => `\u001ephyllome-${mark} ${words}${end}`;

/** What comes of bytes that arrive in these pieces; output that is told in parts counts as one. */
function read(pieces: readonly Buffer[]): string[] {
  const told: string[] = [];
  let output = '';
  const flush = () => {
    if (output !== '') told.push(`out ${output}`);
    output = '';
  };
  const reader = createMarkReader(mark, {
    onOutput: (bytes) => (output += bytes.toString('latin1')),
    onMark(words) {
      flush();
      told.push(`mark ${words}`);
    },
  });
  for (const piece of pieces) reader.feed(piece);
  flush();
  return told;
}

test('output and lines of the machine are told apart, in pieces of any size', () => {
  // Bytes that look like the beginning of a mark are output, too.
  const output = fc
    .array(fc.oneof(fc.constant(`\u001ephyllome-${mark.slice(0, 31)}`), fc.constant('\u001e'), fc.string()), {
      maxLength: 5,
    })
    .map((parts) => Buffer.from(parts.join(''), 'latin1').toString('latin1'));
  fc.assert(
    fc.property(
      output,
      output,
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (one, other, sizes) => {
        const whole = Buffer.from(
          `boot${line('begin', '\r\n')}${one}${line('ack 1')}${other}${line('end 7 why')}tail`,
          'latin1',
        );
        const pieces: Buffer[] = [];
        for (let at = 0, turn = 0; at < whole.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          pieces.push(whole.subarray(at, at + size));
          at += size;
        }
        const some = (text: string) => (text === '' ? [] : [`out ${text}`]);
        expect(read(pieces)).toEqual([
          'out boot',
          'mark begin',
          ...some(one),
          'mark ack 1',
          ...some(other),
          'mark end 7 why',
          'out tail',
        ]);
      },
    ),
    { numRuns: 300 },
  );
});

test('a line without an end does not fill our memory', () => {
  const told = read([Buffer.from(line('begin ', '')), Buffer.alloc(10_000, 'x')]);
  expect(told).toHaveLength(2);
  expect(told[0]).toMatch(/^mark begin x{4000}/);
});
