// SPDX-License-Identifier: Apache-2.0
import type { PhyllomeEvent } from '../../../contract/event.ts';

/**
 * The events without those that only repeat another: a guest that gets ready is told as an event of its own and as a
 * change of the state.
 * @param events newest first
 */
export function withoutEchoes(events: readonly PhyllomeEvent[]): PhyllomeEvent[] {
  return events.filter((event, index) => {
    const isReady = event.type === 'machine.state' && event.state.name === 'running' && event.state.ready;
    return (
      !isReady || (events[index - 1]?.type !== 'machine.ready' && events[index + 1]?.type !== 'machine.ready')
    );
  });
}
