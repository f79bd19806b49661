// SPDX-License-Identifier: Apache-2.0
//
// States, sizes and times in the words people read.
import type { MachineState, StateName } from '../../contract/state.ts';
import { plain, type Style } from './output.ts';
import { shellQuote } from '../../contract/shell-quote.ts';

export const stateStyles: Readonly<Record<StateName, Style>> = {
  stopped: 'dim',
  starting: 'cyan',
  running: 'green',
  paused: 'yellow',
  stopping: 'cyan',
  saved: 'dim',
  crashed: 'red',
  broken: 'red',
};

/** What there is to say about a state beyond its name: why, or that the guest is up. */
export function stateReason(state: MachineState): string {
  switch (state.name) {
    case 'running':
      return state.ready ? 'ready' : '';
    case 'paused':
    case 'crashed':
      return state.reason;
    case 'broken':
      return state.problems.join('; ');
    case 'saved':
      return `${sizeText(state.bytes)} of memory`;
    case 'stopped':
    case 'starting':
    case 'stopping':
      return '';
  }
}

/** Bytes as people read them, rounded: 1536 MiB -> "1.5 GiB". */
export function sizeText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${units[unit]}`;
}

/** Bytes a second, as people read them; a dash when it is not known. */
export const rateText = (bytes: number | null): string => (bytes === null ? '-' : `${sizeText(bytes)}/s`);

/** Busy hardware threads in percent of one, as top(1) shows them: 1.5 -> "150 %". */
export const cpuText = (threads: number | null): string =>
  threads === null ? '-' : `${Math.round(threads * 100)} %`;

/** A moment in local time, to the second: "2026-11-23 07:10:22". */
export function timeText(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

const two = (number: number): string => String(number).padStart(2, '0');

/** How long ago a moment is: "3 minutes". */
export function ageText(iso: string, now = Date.now()): string {
  const seconds = Math.max(0, Math.floor((now - new Date(iso).getTime()) / 1000));
  const units: readonly (readonly [string, number])[] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ];
  const [unit, length] = units.find(([, length]) => seconds >= length) ?? ['second', 1];
  const count = Math.floor(seconds / length);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** A name as it has to be typed in a command that we suggest. */
export const typed = (name: string): string => plain(shellQuote(name));
