// SPDX-License-Identifier: Apache-2.0

// Words on a serial port after which nothing more is to be waited for.
const hopeless: readonly [RegExp, string][] = [
  [/Kernel panic - not syncing: (.*)/, 'the kernel panicked'],
  [/You are in (?:emergency|rescue) mode/, 'it is in emergency mode'],
  [/Entering emergency mode/, 'the initrd gave up'],
  [/Reached target.*emergency\.target/, 'it is in emergency mode'],
  [/Freezing execution/, 'systemd froze'],
  [/BdsDxe: No bootable option or device was found/, 'the firmware found nothing to start'],
  [/No bootable device/, 'the BIOS found nothing to start'],
];

/** Why a boot whose serial port said this will never come up; null while there is hope. */
export function despair(line: string): string | null {
  for (const [pattern, reason] of hopeless) if (pattern.test(line)) return `${reason}: ${line.trim()}`;
  return null;
}

/** What is for terminals only: colours, places, and the returns before ends of lines. */
export const plainText = (text: string): string =>
  text
    // eslint-disable-next-line no-control-regex
    .replaceAll(/\u001B(?:\[[0-9;?=]*[A-Za-z]|\][^\u0007]*\u0007|[()][AB0])/g, '')
    .replaceAll('\r', '');
