// SPDX-License-Identifier: Apache-2.0
import { useId, type ReactNode } from 'react';

interface SliderRowProps {
  title: string;
  /** The values it stops at, rising */
  steps: readonly number[];
  value: number;
  onChange(value: number): void;
  /** A value in words */
  format(value: number): string;
  /** What to know about the value; shown below */
  about?: ReactNode;
  warning?: string | null;
  children?: ReactNode;
}

/** A row with a slider over given values, the value in words beside its label, and a picture below. */
export function SliderRow({
  title,
  steps,
  value,
  onChange,
  format,
  about,
  warning = null,
  children,
}: SliderRowProps) {
  const id = useId();
  const index = Math.max(0, steps.indexOf(value));
  return (
    <div className="slider-row">
      <div className="slider-title">
        <label htmlFor={id}>{title}</label>
        <output htmlFor={id} className="numeric">
          {format(value)}
        </output>
      </div>
      <input
        id={id}
        type="range"
        className="slider"
        min={0}
        max={Math.max(1, steps.length - 1)}
        step={1}
        value={index}
        disabled={steps.length < 2}
        aria-valuetext={format(value)}
        aria-describedby={`${id}-about`}
        onChange={({ target }) => onChange(steps[target.valueAsNumber] ?? value)}
      />
      {children}
      <div id={`${id}-about`} className="small">
        {about !== undefined && <p className="dim">{about}</p>}
        {warning !== null && <p className="slider-warning">{warning}</p>}
      </div>
    </div>
  );
}
