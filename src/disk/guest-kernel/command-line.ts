// SPDX-License-Identifier: Apache-2.0
import type { Architecture } from '../../contract/machine.ts';

/** What a Linux kernel takes at most, less its end (COMMAND_LINE_SIZE of arch/x86). */
const longestCommandLine = 2047;

// The serial port as each VMM shows it: on aarch64 some have a PL011, others a 16550. A console that is not there does no
// harm.
const serialConsoles: Record<Architecture, readonly string[]> = {
  x86_64: ['ttyS0'],
  aarch64: ['ttyS0', 'ttyAMA0'],
  riscv64: ['ttyS0'],
};

/**
 * Makes a guest talk on its serial port unless its own line says where it talks.
 * @param screen it has one: then it talks there as well
 */
export function withConsole(
  commandLine: string,
  { architecture, screen, serial }: { architecture: Architecture; screen: boolean; serial: boolean },
): string {
  const consoles = commandLine.match(/(?<=^|\s)console=\S+/g) ?? [];
  if (!serial || consoles.some((word) => /^console=(ttyS|ttyAMA|hvc)\d/.test(word))) return commandLine;
  const words = serialConsoles[architecture].map((name) => `console=${name}`);
  if (screen && consoles.length === 0) words.unshift('console=tty0');
  return [commandLine, ...words].filter((part) => part !== '').join(' ');
}

/** null: fine; otherwise what is wrong with it, in words. */
export function commandLineProblem(commandLine: string): string | null {
  if (commandLine.length > longestCommandLine) return `its command line has ${commandLine.length} characters`;
  // oxlint-disable-next-line no-control-regex -- these are what a command line must not have
  if (/[\u0000-\u001f\u007f]/.test(commandLine)) return 'its command line holds control characters';
  return null;
}
