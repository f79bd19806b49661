// SPDX-License-Identifier: Apache-2.0
import type { LoadFigure, LoadHistory } from '../../contract/load.ts';
import type { Run } from '../context.ts';
import { usageError } from '../failure.ts';
import { plain } from '../terminal/output.ts';
import { sparkline } from '../terminal/sparkline.ts';
import { textTable } from '../terminal/text-table.ts';
import { cpuText, rateText, sizeText, timeText } from '../terminal/words.ts';

// Entries of a plot on a terminal, and of an answer for a program.
const drawnPoints = 60;
const jsonPoints = 720;
const usualSeconds = 3600;
const leastSeconds = 60;
const mostSeconds = 86_400;

export const load: Run = async ({ client, output, json }, input) => {
  const wanted = input.text('last');
  const seconds = wanted === undefined ? usualSeconds : readSpan(wanted);
  const history = await client.call('machineLoad', {
    params: { ref: input.argument('NAME') },
    query: { seconds, points: json ? jsonPoints : drawnPoints },
  });
  if (json) output.json(history);
  else {
    loadLines(history).forEach(output.say);
    for (const note of history.notes) output.note(plain(note));
  }
};

/** "90s", "30m", "1h" as seconds. @throws PhyllomeError `usage-error` */
export function readSpan(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,5})(s|m|h)$/.exec(text) ?? [];
  const seconds = Number(number) * ({ s: 1, m: 60, h: 3600 }[unit] ?? Number.NaN);
  if (seconds >= leastSeconds && seconds <= mostSeconds) return seconds;
  throw usageError(`--last takes a time from 1m to 24h, such as 30m, not "${text}".`, 'load');
}

const figures: readonly [LoadFigure, string, (value: number) => string][] = [
  ['cpu', 'CPU', cpuText],
  ['memory', 'MEMORY', sizeText],
  ['diskRead', 'READ', rateText],
  ['diskWrite', 'WRITTEN', rateText],
  ['networkReceive', 'RECEIVED', rateText],
  ['networkSend', 'SENT', rateText],
];

/** A line for each figure: its course, and what it was at last, on average and at most. */
export function loadLines(history: LoadHistory): string[] {
  const { time, step } = history;
  if (figures.every(([figure]) => history[figure].every((value) => value === null)))
    return ['Nothing is known of this time: the machine or the service did not run.'];
  const rows = figures.map(([figure, title, write]) => {
    const values = history[figure];
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return [title, '-', '-', '-', ''];
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const last = values.at(-1) ?? null;
    return [
      title,
      last === null ? '-' : write(last),
      write(mean),
      write(Math.max(...known)),
      sparkline(values),
    ];
  });
  const begin = timeText(new Date((time[0] ?? 0) * 1000).toISOString());
  const table = textTable(
    [
      { title: '' },
      { title: 'NOW', align: 'right' },
      { title: 'MEAN', align: 'right' },
      { title: 'MOST', align: 'right' },
      { title: `SINCE ${begin}, ${step} s EACH` },
    ],
    rows,
  );
  return table;
}
