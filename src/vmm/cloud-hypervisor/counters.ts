// SPDX-License-Identifier: Apache-2.0
import type { Counters, Traffic } from '../driver.ts';
import type { RestApi } from '../rest-api.ts';

/**
 * What a guest moved, by `vm.counters`. A disk is counted by Cloud Hypervisor itself; a network card by vhost-user is
 * served by passt, and nobody counts there.
 */
export function createCounters(api: RestApi): Counters {
  return {
    async disks() {
      const answer = await api.call('GET', '/api/v1/vm.counters');
      if (typeof answer !== 'object' || answer === null) return [];
      return Object.entries(answer).flatMap(([id, counters]) => diskTraffic(id, counters));
    },
    network: () => Promise.resolve([]),
  };
}

function diskTraffic(id: string, counters: unknown): Traffic[] {
  if (typeof counters !== 'object' || counters === null) return [];
  const { read_bytes: read, write_bytes: written } = counters as Record<string, unknown>;
  return isCount(read) && isCount(written) ? [{ id, in: read, out: written }] : [];
}

// Beyond this, differences would no longer be exact.
function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}
