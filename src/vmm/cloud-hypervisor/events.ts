// SPDX-License-Identifier: Apache-2.0
//
// The events of Cloud Hypervisor: JSON objects on several lines each, the first and last of which hold a brace and nothing
// before it. They stand in its log, between other lines, where they tell how it ended also when nobody listened. An object
// may be read in pieces; where the disk was full, one may lack its end.
import type { VmmEvent } from '../driver.ts';

export interface MonitorEvent {
  source: string;
  event: string;
  properties?: Readonly<Record<string, unknown>> | null;
}

// An event has 6 lines and some properties; something longer that does not end is none (lines).
const longestEvent = 100;
// A line of a log may be as long as it likes, and may never end (characters).
const longestLine = 2 ** 16;

/** Takes the text of the file in pieces and calls `onEvent` for each complete event. */
export function createEventReader(onEvent: (event: MonitorEvent) => void): (text: string) => void {
  let rest = '';
  let current: string[] | null = null;
  const take = (line: string): void => {
    // One that lost its end is followed by another beginning.
    if (line === '{') current = [];
    else if (current === null) return;
    else if (line.startsWith('}')) {
      const event = parseEvent(current);
      current = null;
      if (event !== null) onEvent(event);
    } else if (current.push(line) > longestEvent) current = null;
  };
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) take(line);
  };
}

function parseEvent(lines: readonly string[]): MonitorEvent | null {
  try {
    const value: unknown = JSON.parse(`{${lines.join('\n')}}`);
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
