// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { macAddress } from './mac.ts';

test('the address of a card is always the same, and different for every card', () => {
  const id = '6f1c2b3a-1111-4111-8111-111111111111';
  // A change here would give every guest of every user new network cards.
  expect(macAddress(id, 0)).toBe('52:54:00:a7:68:45');
  const others = [macAddress(id, 1), macAddress(id, 2), macAddress(id.replace('6', '7'), 0)];
  expect(new Set([macAddress(id, 0), ...others]).size).toBe(4);
  for (const other of others) expect(other).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/);
});
