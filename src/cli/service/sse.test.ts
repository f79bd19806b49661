// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSseReader } from './sse.ts';

const stream =
  ':\n\nid: 1\ndata: {"a":1}\n\nid: 2\r\ndata: two\r\ndata: lines\r\n\r\nevent: x\n\n:\n\nid: 3\ndata:{}\n\nid: 4\ndata: not ended';
const messages = [
  { id: '1', data: '{"a":1}' },
  { id: '2', data: 'two\nlines' },
  { id: '3', data: '{}' },
];

test('reads messages, heartbeats apart', () => expect(createSseReader()(stream)).toEqual(messages));

test('reads the same however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 30 }), (cuts) => {
      const next = createSseReader();
      const edges = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      const pieces = edges.slice(1).map((end, index) => stream.slice(edges[index], end));
      expect(pieces.flatMap((piece) => next(piece))).toEqual(messages);
    }),
  );
});
