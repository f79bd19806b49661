// SPDX-License-Identifier: Apache-2.0

// What a program writes to ask the terminal something: where the cursor is, which terminal it is, its colours,
// size, modes and settings (the questions of ECMA-48, VT220 and xterm).
const queries = new RegExp(
  [
    String.raw`\x1b\[[?>=]?[\d;]*[cn]`, // DA, DSR
    String.raw`\x1b\[[?]?[\d;]*\$p`, // DECRQM
    String.raw`\x1b\[(?:1[1-9]|2[01])(?:;\d*)*t`, // XTWINOPS reports
    String.raw`\x1b\[>\d*q`, // XTVERSION
    String.raw`\x1b\][\d;]*;\?(?:\x07|\x1b\\)`, // OSC colours
    String.raw`\x1bP[$+]q[^\x1b]*\x1b\\`, // DECRQSS, XTGETTCAP
    String.raw`\x1bZ`, // DECID
    String.raw`\x05`, // ENQ
  ].join('|'),
  'g',
);

/**
 * Takes the questions to the terminal out of a guest's output. In old output they were asked long ago: the
 * answers of our terminal would be typed into the guest, or into the shell behind us.
 */
export function withoutQueries(bytes: Buffer): Buffer {
  // Each byte is a character in latin1, so that nothing else changes.
  return Buffer.from(bytes.toString('latin1').replaceAll(queries, ''), 'latin1');
}
