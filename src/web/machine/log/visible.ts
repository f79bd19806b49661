// SPDX-License-Identifier: Apache-2.0

/**
 * A line of a log as one reads it: without what only steers a terminal (colours, cursor), and with every other control
 * and direction-changing character in sight, so that no guest can make a line look like another.
 */
export function visible(line: string): string {
  return (
    line
      // Sequences of ECMA-48: CSI (ESC [ ... letter), OSC (ESC ] ... BEL or ESC \), and the two-character ones.
      // oxlint-disable-next-line no-control-regex -- these are what is looked for
      .replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*[0-~])/g, '')
      // What a carriage return at the end does, the line break does already.
      .replace(/\r+$/, '')
      .replaceAll(/(?!\t)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) => {
        return `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`;
      })
  );
}
