// SPDX-License-Identifier: Apache-2.0
import { lazy, Suspense, useId, useState } from 'react';
import type { LoadFigure } from '../../../contract/load.ts';
import { useFormats, useText } from '../../text/language.ts';
import type { Past } from './use-past.ts';
import { summarise } from './series.ts';
import { ticksUpTo } from './ticks.ts';
import { PlotTable } from './plot-table.tsx';
import { useTimeWords } from './use-time-words.ts';

// uPlot is large, and only needed here.
const Plot = lazy(() => import('./plot.tsx'));

export interface PlotCardProps {
  title: string;
  lines: readonly { figure: LoadFigure; label: string; colour: number }[];
  past: Past;
  /** Seconds in sight */
  span: number;
  unit: 'bytes' | 'number';
  /** The axis reaches at least this far */
  atLeast: number;
  /** The axis ends exactly there, unless a figure is higher */
  exactTop?: boolean;
  write(value: number): string;
  /** Said after the present value: "of 2" */
  beside?: string;
  live: boolean;
  together: string;
}

/** One plot: what it shows, its present value in words, the drawing, and the same as a table. */
export function PlotCard(props: PlotCardProps) {
  const { title, lines, past, span, unit, atLeast, exactTop = false, write, beside, live, together } = props;
  const { activity: text, common } = useText();
  const heading = useId();
  const { list } = useFormats();
  const writeTime = useTimeWords(span);
  const [pointed, setPointed] = useState<number | null>(null);
  const { columns, from, to } = past;

  const drawn = lines.map((line) => {
    const values = columns[line.figure];
    return { ...line, values, ...summarise(values), now: live ? (values.at(-1) ?? null) : null };
  });
  const peak = Math.max(atLeast, ...drawn.map((line) => line.peak ?? 0));
  const ticks = ticksUpTo(peak, unit);
  const top = exactTop ? peak : (ticks.at(-1) ?? peak);
  const at = pointed !== null && pointed < columns.time.length ? pointed : null;

  const said = (value: number | null): string => (value === null ? common.unknown : write(value));
  const about = drawn.map(({ label, now, peak: most, mean }) =>
    most === null
      ? text.summaryNothing(label)
      : text.summary(label, said(now), said(most), said(mean), now !== null),
  );

  return (
    <section className="card plot-card" aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{title}</h2>
        <p className="plot-values numeric">
          {at !== null && <span className="dim">{writeTime(columns.time[at] as number, true)}</span>}
          {drawn.map(({ figure, label, colour, now, peak: most, values }) => (
            <span key={figure} className="plot-value">
              <span className={`swatch plot-${colour}`} />
              {lines.length > 1 && <span className="dim">{label}</span>}
              <strong>
                {at === null
                  ? live || most === null
                    ? said(now)
                    : text.peak(said(most))
                  : said(values[at] ?? null)}
              </strong>
            </span>
          ))}
          {live && at === null && beside !== undefined && <span className="dim">{beside}</span>}
        </p>
      </header>
      <figure aria-label={list(about)}>
        <Suspense fallback={<div className="plot dim">{common.loading}</div>}>
          <Plot
            time={columns.time}
            lines={drawn}
            from={from}
            to={to}
            ticks={ticks.filter((tick) => tick <= top)}
            top={top}
            writeValue={write}
            writeTime={(seconds) => writeTime(seconds, false)}
            together={together}
            onPoint={setPointed}
          />
        </Suspense>
      </figure>
      <PlotTable
        title={title}
        time={columns.time}
        lines={drawn}
        write={said}
        writeTime={(seconds) => writeTime(seconds, true)}
      />
    </section>
  );
}
