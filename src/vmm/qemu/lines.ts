// SPDX-License-Identifier: Apache-2.0
import type { Readable } from 'node:stream';

/** The longest line that is read, in characters. The longest QEMU sends, its own schema, has about 250,000. */
export const longestLine = 16 * 2 ** 20;

/** Cuts a stream of UTF-8 into lines. A line longer than `longestLine` ends the reading. */
export function readLines(
  stream: Readable,
  onLine: (line: string) => void,
  onTooLong: (reason: string) => void,
): void {
  let rest: string[] = [];
  let restLength = 0;
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const [first = '', ...others] = chunk.split('\n');
    rest.push(first);
    restLength += first.length;
    if (restLength > longestLine) {
      rest = [];
      stream.removeAllListeners('data');
      onTooLong('it sent a line without end');
      return;
    }
    for (const other of others) {
      onLine(rest.join(''));
      rest = [other];
      restLength = other.length;
    }
  });
}
