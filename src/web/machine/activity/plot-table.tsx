// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { useText } from '../../text/language.ts';
import type { PlotLine } from './plot.tsx';

interface PlotTableProps {
  title: string;
  time: readonly number[];
  lines: readonly PlotLine[];
  write(value: number | null): string;
  writeTime(seconds: number): string;
}

// As many rows as can be read; of more, every second, third, ... is shown.
const rows = 40;

/** The figures of a plot for those who cannot see or point at it; newest first. */
export function PlotTable({ title, time, lines, write, writeTime }: PlotTableProps) {
  const { activity: text } = useText();
  const [open, setOpen] = useState(false);
  const every = Math.max(1, Math.ceil(time.length / rows));
  const indexes = [...time.keys()].toReversed().filter((index) => (time.length - 1 - index) % every === 0);
  return (
    <details className="plot-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text.asTable}</summary>
      {open && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard
        <div className="plot-table-rows" tabIndex={0} role="region" aria-label={text.tableOf(title)}>
          <table className="numeric">
            <thead>
              <tr>
                <th scope="col">{text.time}</th>
                {lines.map(({ label }) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {indexes.map((index) => (
                <tr key={time[index]}>
                  <th scope="row">{writeTime(time[index] as number)}</th>
                  {lines.map(({ label, values }) => (
                    <td key={label}>{write(values[index] ?? null)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
