// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createCables } from './cables.ts';
import type { Root } from './root.ts';

const cables = [{ tap: 'phy-01234567-0', bridge: 'br0' }];

function rootThat(fails: readonly string[]) {
  const done: string[] = [];
  const ask: Root['ask'] = async (verb) => {
    // What is asked first takes longest.
    await delay(verb === 'unplug' ? 20 : 1);
    done.push(verb);
    if (fails.includes(verb)) throw new Error('no root');
    return null as never;
  };
  return { done, ask };
}

test('a cable that is taken away and made again is there in the end', async () => {
  const { done, ask } = rootThat([]);
  const made = createCables({ ask }, () => {});
  await Promise.all([made.unplug(cables), made.plug(cables)]);
  expect(done).toEqual(['unplug', 'plug']);
});

test('what cannot be taken away is told, and keeps nothing from being made', async () => {
  const { done, ask } = rootThat(['unplug']);
  const told: string[] = [];
  const made = createCables({ ask }, (text) => told.push(text));
  await Promise.all([made.unplug(cables), made.plug(cables)]);
  expect(told).toEqual(['phy-01234567-0 stay plugged in: no root']);
  expect(done).toEqual(['unplug', 'plug']);
});

test('what cannot be made is an error', async () => {
  const { ask } = rootThat(['plug']);
  await expect(createCables({ ask }, () => {}).plug(cables)).rejects.toThrow('no root');
});
