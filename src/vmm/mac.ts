// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';

/**
 * The Ethernet address of a network card whose definition names none: always the same for a machine and card.
 * 52:54:00 is the prefix that virtual machines on Linux use by custom.
 * @param index place of the card in the definition, from 0
 */
export function macAddress(machineId: string, index: number): string {
  const digest = createHash('sha256').update(`${machineId} ${index}`).digest('hex');
  return `52:54:00:${digest.slice(0, 2)}:${digest.slice(2, 4)}:${digest.slice(4, 6)}`;
}
