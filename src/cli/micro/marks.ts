// SPDX-License-Identifier: Apache-2.0
//
// The serial port of a micro machine carries the output of its command, and between it lines of the machine itself. They
// begin with a word that was made up for this machine, so no output can look like one.

/** What is told of the bytes that arrive. */
export interface MarkReader {
  /** Takes the next bytes. Calls back in their order */
  feed(bytes: Buffer): void;
}

export interface MarkListener {
  onOutput(bytes: Buffer): void;
  /** "begin", "ack 3", "end 0", "end 125 why" */
  onMark(words: string): void;
}

// Of a line of the machine (bytes); it writes no longer ones.
const longestLine = 4096;

export function createMarkReader(mark: string, { onOutput, onMark }: MarkListener): MarkReader {
  const beginning = Buffer.from(`\u001ephyllome-${mark} `);
  let held: Buffer = Buffer.alloc(0);
  return {
    feed(bytes) {
      held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      for (;;) {
        const at = held.indexOf(beginning);
        const sure = at === -1 ? held.length - partAtEnd(held, beginning) : at;
        if (sure > 0) onOutput(held.subarray(0, sure));
        held = held.subarray(sure);
        if (at === -1) return;
        const end = held.indexOf(0x0a);
        if (end === -1 && held.length < longestLine) return;
        // A terminal puts a carriage return in front of the line's end.
        const line = held.subarray(beginning.length, end === -1 ? longestLine : end).toString('utf8');
        held = held.subarray(end === -1 ? longestLine : end + 1);
        onMark(line.replace(/\r$/, ''));
      }
    },
  };
}

/** How many bytes at the end could be the first ones of what is looked for. */
function partAtEnd(bytes: Buffer, wanted: Buffer): number {
  for (let length = Math.min(wanted.length - 1, bytes.length); length > 0; length -= 1) {
    if (bytes.subarray(bytes.length - length).equals(wanted.subarray(0, length))) return length;
  }
  return 0;
}
