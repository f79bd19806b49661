// SPDX-License-Identifier: Apache-2.0
import type { Task } from '../../contract/task.ts';
import { rateText, sizeText } from './words.ts';

/** What a task moved so far: "1.2 GiB of 4.4 GiB, 30 MiB/s, 1 min 50 s left"; empty when it counts no bytes. */
export function transferText({ bytes, secondsLeft }: Pick<Task, 'bytes' | 'secondsLeft'>): string {
  if (bytes === null) return '';
  const { done, total, perSecond } = bytes;
  const amount = total === null ? sizeText(done) : `${sizeText(done)} of ${sizeText(total)}`;
  return [
    amount,
    ...(perSecond === null ? [] : [rateText(perSecond)]),
    ...(secondsLeft === null ? [] : [`${durationText(secondsLeft)} left`]),
  ].join(', ');
}

/** Seconds as people read them: "45 s", "1 min 50 s", "2 h 5 min", "3 d 4 h". */
export function durationText(seconds: number): string {
  const [days, hours, minutes] = [86_400, 3600, 60].map((unit) => Math.floor(seconds / unit)) as [
    number,
    number,
    number,
  ];
  if (days > 0) return `${days} d ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
