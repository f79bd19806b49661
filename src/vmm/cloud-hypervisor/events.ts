// SPDX-License-Identifier: Apache-2.0
//
// The events of Cloud Hypervisor: JSON objects on several lines each, with an empty line after each, in a file that
// grows. An object may come in pieces. Where the disk was full, one may lack its end.
import type { VmmEvent } from '../driver.ts';

export interface MonitorEvent {
  source: string;
  event: string;
  properties?: Readonly<Record<string, unknown>> | null;
}

// An event has some 150 characters; something this long that does not end is none (characters).
const longestEvent = 2 ** 20;

/** Takes the text of the file in pieces and calls `onEvent` for each complete event. */
export function createEventReader(onEvent: (event: MonitorEvent) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const parts = (rest + text).split('\n\n');
    rest = parts.pop() ?? '';
    if (rest.length > longestEvent) rest = '';
    for (const part of parts) {
      const event = parseEvent(part);
      if (event !== null) onEvent(event);
    }
  };
}

/** An object whose end was lost is followed by the next one in the same part: each begins with a brace alone on a line. */
function parseEvent(part: string): MonitorEvent | null {
  const begin = part.lastIndexOf('\n{\n');
  const text = begin === -1 ? part : part.slice(begin + 1);
  try {
    const value: unknown = JSON.parse(text);
    return isEvent(value) ? value : null;
  } catch {
    // It cannot be read, and was not written for us to be read another time; the state is asked for when it matters.
    return null;
  }
}

function isEvent(value: unknown): value is MonitorEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { source, event, properties } = value as Record<string, unknown>;
  return typeof source === 'string' && typeof event === 'string' && typeof (properties ?? {}) === 'object';
}

const meanings: Readonly<Record<string, VmmEvent>> = {
  'vm/paused': { type: 'paused' },
  'vm/resumed': { type: 'resumed' },
  'vm/rebooting': { type: 'reset' },
  'vm/shutdown': { type: 'shut-down' },
  'vmm/shutdown': { type: 'shut-down' },
  'guest/panic': { type: 'panicked' },
};

/** What an event of Cloud Hypervisor means; null: nothing that matters to us. */
export function meaningOf({ source, event, properties }: MonitorEvent): VmmEvent | null {
  // A guest that has a kernel ready for its own crash only says that it takes over now.
  if (source === 'guest' && properties?.['event'] === 'crash_loaded') return null;
  return meanings[`${source}/${event}`] ?? null;
}
