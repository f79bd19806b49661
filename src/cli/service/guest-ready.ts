// SPDX-License-Identifier: Apache-2.0
import type { Machine } from '../../contract/api.ts';
import type { Client } from './client.ts';
import type { EventFeed } from './events.ts';
import { PhyllomeError } from '../../contract/errors.ts';

/** How long a guest may take to say that it is up. */
export const readySeconds = 180;

/**
 * Waits until the guest of a started machine says that it is up.
 * @param feed opened before the machine was started, so that the news cannot be missed
 * @throws PhyllomeError `guest-not-ready`; `vmm-gone` when the machine ends instead
 */
export async function guestReady(
  client: Client,
  feed: EventFeed,
  machine: Machine,
  limit = AbortSignal.timeout(readySeconds * 1000),
): Promise<void> {
  const { id, name } = machine;
  let { state } = machine;
  const isReady = () => state.name === 'running' && state.ready;
  limit.addEventListener('abort', () => feed.close());
  for await (const event of isReady() ? [] : feed) {
    if (event.type === 'events.lost') ({ state } = await client.call('showMachine', { params: { ref: id } }));
    if (event.type === 'machine.state' && event.machineId === id) ({ state } = event);
    if (event.type === 'machine.ready' && event.machineId === id) return;
    if (state.name === 'crashed') throw new PhyllomeError('vmm-gone', { name, reason: state.reason });
    if (state.name === 'stopped')
      throw new PhyllomeError('vmm-gone', { name, reason: 'the guest powered off before it was ready' });
    if (isReady()) return;
  }
  if (!isReady()) throw new PhyllomeError('guest-not-ready', { name, seconds: readySeconds });
}
