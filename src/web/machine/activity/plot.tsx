// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface PlotLine {
  label: string;
  /** Which of the colours --plot-N */
  colour: number;
  values: (number | null)[];
}

export interface PlotProps {
  time: number[];
  lines: readonly PlotLine[];
  /** What is in sight, in seconds since 1970 */
  from: number;
  to: number;
  /** Where the axis has its lines; it ends at `top` */
  ticks: readonly number[];
  top: number;
  writeValue(value: number): string;
  writeTime(seconds: number): string;
  /** Plots of one name show the same moment under the pointer */
  together: string;
  /** Index of the moment under the pointer; null when there is none */
  onPoint(index: number | null): void;
}

// Heights and widths in CSS pixels.
const height = 150;
const axisWidth = 74;
const timeLabelWidth = 90;

/** The drawing itself. uPlot keeps the canvas; React only gives it new numbers. Loaded when it is first needed. */
export default function Plot(props: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  // uPlot asks for these whenever it draws.
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
    plot.current?.batch(() => {
      plot.current?.setData(dataOf(props), false);
      plot.current?.setScale('x', { min: props.from, max: props.to });
      plot.current?.setScale('y', { min: 0, max: props.top });
    });
  });

  const lines = props.lines.map(({ colour }) => colour).join();
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const made = new uPlot(optionsOf(latest, element.clientWidth), dataOf(latest.current), element);
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    const stop = onThemeChange(() => made.redraw());
    return () => {
      stop();
      resized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [lines]);

  return <div ref={box} className="plot" aria-hidden="true" />;
}

function optionsOf(latest: { current: PlotProps }, width: number): uPlot.Options {
  const { lines, together, from, to, top } = latest.current;
  const grid = { stroke: () => colourOf('--line'), width: 1 };
  const axis = {
    stroke: dimColour,
    grid,
    ticks: { show: false },
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
  };
  return {
    width,
    height,
    legend: { show: false },
    padding: [8, 12, 0, 0],
    cursor: {
      y: false,
      drag: { x: false, y: false },
      sync: { key: together, scales: ['x', null] },
      points: { size: 8 },
    },
    scales: { x: { time: true, auto: false, min: from, max: to }, y: { auto: false, min: 0, max: top } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: timeLabelWidth,
        size: 26,
        values: (_, splits) => splits.map((seconds) => latest.current.writeTime(seconds)),
      },
      {
        ...axis,
        size: axisWidth,
        splits: () => [...latest.current.ticks],
        values: (_, splits) => splits.map((value) => latest.current.writeValue(value)),
      },
    ],
    series: [
      {},
      ...lines.map(({ label, colour }) => ({
        label,
        stroke: () => colourOf(`--plot-${colour}`),
        width: 2,
        points: { show: false },
        // One line alone is easier to read as an area.
        ...(lines.length === 1 && {
          fill: () => `color-mix(in srgb, ${colourOf(`--plot-${colour}`)} 18%, transparent)`,
        }),
      })),
    ],
    hooks: { setCursor: [({ cursor }) => latest.current.onPoint(cursor.idx ?? null)] },
  };
}

function dataOf({ time, lines }: PlotProps): uPlot.AlignedData {
  return [time, ...lines.map(({ values }) => values)];
}

function colourOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const dimColour = () => colourOf('--dim');

/** A canvas does not follow the style sheet by itself. */
function onThemeChange(listener: () => void): () => void {
  const queries = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)'].map(
    (query) => matchMedia(query),
  );
  for (const query of queries) query.addEventListener('change', listener);
  return () => {
    for (const query of queries) query.removeEventListener('change', listener);
  };
}
