// SPDX-License-Identifier: Apache-2.0

/** A guest so small that a second is plenty of time for it, and real enough that only a working processor runs it. */
export interface Payload {
  /** What QEMU gets as firmware */
  image: Uint8Array;
  /** What the guest manages to do, in order; it says '1', '2', ... as it does */
  steps: readonly string[];
  /** Exit code of QEMU when the guest managed everything */
  exitCode: number;
  /** Name of the processor (-cpu) under each accelerator */
  processor: { kvm: string; tcg: string };
  /** The machine and its reporting devices; their chardev is called "report" */
  parameters: readonly string[];
}

/** Machine code from text: hexadecimal bytes, a comment from ";" to the end of the line. */
export function bytes(text: string): Uint8Array {
  return Uint8Array.from(numbers(text));
}

/** The same for hexadecimal words of 32 bits, which are stored with the lowest byte first. */
export function words(text: string): Uint8Array {
  return Uint8Array.from(numbers(text).flatMap((word) => [word, word >>> 8, word >>> 16, word >>> 24]));
}

function numbers(text: string): number[] {
  const code = text.replaceAll(/;.*$/gm, ' ');
  return code.split(/\s+/).flatMap((digits) => (digits === '' ? [] : [Number.parseInt(digits, 16)]));
}
