// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';

// Our own drawings on a grid of 16 units, strokes of 1.6 with round ends. `currentColor` everywhere.
const line = (d: string): ReactNode => (
  <path
    d={d}
    fill="none"
    stroke="currentColor"
    strokeWidth="1.6"
    strokeLinecap="round"
    strokeLinejoin="round"
  />
);
const solid = (d: string): ReactNode => <path d={d} fill="currentColor" />;

const drawings = {
  machines: line('M2 3.5h12v8H2zM6 14h4M8 11.5V14'),
  tasks: line(
    'M2.5 4l1.2 1.2L6 3M2.5 8.5l1.2 1.2L6 7.5M2.5 13l1.2 1.2L6 12M8.5 4.3H14M8.5 8.8H14M8.5 13.3H14',
  ),
  bin: line('M3 4.5h10M6.2 4.5V2.8h3.6v1.7M4.2 4.5l.6 9h6.4l.6-9M6.8 7v4M9.2 7v4'),
  computer: line(
    'M5 5h6v6H5zM6.5 5V2.5M9.5 5V2.5M6.5 13.5V11M9.5 13.5V11M5 6.5H2.5M5 9.5H2.5M13.5 6.5H11M13.5 9.5H11',
  ),
  plus: line('M8 3v10M3 8h10'),
  search: line('M7 2.8a4.2 4.2 0 1 1 0 8.4a4.2 4.2 0 0 1 0-8.4M10.2 10.2L13.5 13.5'),
  play: solid('M4.5 2.8v10.4a.6.6 0 0 0 .9.5l8.3-5.2a.6.6 0 0 0 0-1L5.4 2.3a.6.6 0 0 0-.9.5z'),
  pause: solid('M4 2.5h2.6v11H4zM9.4 2.5H12v11H9.4z'),
  power: line('M8 2v5.5M4.6 4.2a5 5 0 1 0 6.8 0'),
  plug: line('M6 2v3M10 2v3M4.5 5h7v2.5a3.5 3.5 0 0 1-7 0zM8 11v3.2'),
  reset: line('M13 8a5 5 0 1 1-1.6-3.7M13 2.2v2.6h-2.6'),
  more: solid(
    'M8 2.2a1.4 1.4 0 1 1 0 2.8a1.4 1.4 0 0 1 0-2.8M8 6.6a1.4 1.4 0 1 1 0 2.8a1.4 1.4 0 0 1 0-2.8M8 11a1.4 1.4 0 1 1 0 2.8a1.4 1.4 0 0 1 0-2.8',
  ),
  close: line('M4 4l8 8M12 4l-8 8'),
  back: line('M9.8 3L4.8 8l5 5'),
  forward: line('M6.2 3l5 5-5 5'),
  up: line('M8 13V3M3.8 7L8 3l4.2 4'),
  down: line('M3 6l5 5 5-5'),
  check: line('M3 8.5l3.2 3.2L13 4.8'),
  partly: line('M2.5 9.2c1.8-2.6 3.6-2.6 5.5-1.2s3.7 1.4 5.5-1.2'),
  warning: line('M8 2.2L14.4 13.5H1.6zM8 6.5v3.2M8 11.6v.1'),
  error: line('M8 1.8a6.2 6.2 0 1 1 0 12.4a6.2 6.2 0 0 1 0-12.4M8 4.8v4M8 11.2v.1'),
  info: line('M8 1.8a6.2 6.2 0 1 1 0 12.4a6.2 6.2 0 0 1 0-12.4M8 7.4v3.8M8 4.8v.1'),
  screen: line('M1.8 3h12.4v8.2H1.8zM5 13.6h6'),
  console: line('M1.8 2.8h12.4v10.4H1.8zM4.5 6l2 2-2 2M8.5 10h3'),
  activity: line('M1.5 8.5h3L6.5 3l3 10 2-4.5h3'),
  settings: line('M2.5 4.5h5M11.5 4.5h2M9.5 2.8v3.4M2.5 11.5h2M8.5 11.5h5M6.5 9.8v3.4'),
  log: line('M3 2.5h10v11H3zM5.5 5.5h5M5.5 8h5M5.5 10.5h3'),
  folder: line('M1.8 4.2V12.8h12.4V5.4H7.6L6.2 3H1.8z'),
  disc: line('M8 2a6 6 0 1 1 0 12a6 6 0 0 1 0-12M8 6.6a1.4 1.4 0 1 1 0 2.8a1.4 1.4 0 0 1 0-2.8'),
  disk: line('M2.2 9.5h11.6v3.8H2.2zM2.2 9.5L4 3h8l1.8 6.5M11 11.4h.1'),
  upload: line('M8 10.5V2.8M4.8 6L8 2.8L11.2 6M2.5 13.2h11'),
  download: line('M8 2.8v7.7M4.8 7.3L8 10.5l3.2-3.2M2.5 13.2h11'),
  link: line('M6.5 9.5l3-3M7 4.8l1.6-1.6a2.8 2.8 0 0 1 4 4L11 8.8M9 11.2l-1.6 1.6a2.8 2.8 0 0 1-4-4L5 7.2'),
  keyboard: line('M1.5 4h13v8.2h-13zM4 6.6h.1M6.7 6.6h.1M9.3 6.6h.1M12 6.6h.1M5 9.6h6'),
  fullscreen: line('M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10'),
  camera: line('M1.8 4.8h2.8l1.2-1.8h4.4l1.2 1.8h2.8v8H1.8zM8 6.8a2.2 2.2 0 1 1 0 4.4a2.2 2.2 0 0 1 0-4.4'),
  clipboard: line('M5.5 3.2h-2v10.3h9V3.2h-2M5.5 2h5v2.4h-5z'),
  network: line(
    'M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11M2.5 8h11M8 2.5c3.4 3.3 3.4 7.7 0 11c-3.4-3.3-3.4-7.7 0-11',
  ),
  memory: line(
    'M1.8 5h12.4v5.5H1.8zM4.5 7v1.5M8 7v1.5M11.5 7v1.5M3.5 10.5V13M6.5 10.5V13M9.5 10.5V13M12.5 10.5V13',
  ),
  chip: line('M4 4h8v8H4zM6.5 4V2M9.5 4V2M6.5 14v-2M9.5 14v-2M4 6.5H2M4 9.5H2M14 6.5h-2M14 9.5h-2'),
  graphics: line('M1.8 4.5h12.4v6.5H1.8zM4 11v2M7 11v2M10.5 6.3a1.5 1.5 0 1 1 0 3a1.5 1.5 0 0 1 0-3M4 7h2.5'),
  shield: line('M8 1.8l5.2 1.9v4c0 3.2-2.2 5.4-5.2 6.5c-3-1.1-5.2-3.3-5.2-6.5v-4z'),
  edit: line('M3 13l.6-2.8L10.8 3a1.3 1.3 0 0 1 1.9 0l.3.3a1.3 1.3 0 0 1 0 1.9L5.8 12.4z'),
  sound: line('M2 6.2h2.4L8 3v10L4.4 9.8H2zM10.5 6a3 3 0 0 1 0 4M12.6 4a6 6 0 0 1 0 8'),
  pointer: line('M3.5 2.2v10l2.8-2.6l1.8 4l1.8-.8l-1.8-3.9h3.6z'),
  share: line('M1.8 4.2V12.8h12.4V5.4H7.6L6.2 3H1.8zM6 9.2h4M8.4 7.4l1.8 1.8l-1.8 1.8'),
  history: line('M3 8a5.2 5.2 0 1 0 1.6-3.8M2.6 2.4v2.7h2.7M8 5.2V8l2 1.4'),
  copy: line('M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3'),
  save: line('M8 2.5v6M5.2 6L8 8.8L10.8 6M2.5 9v4h11V9'),
  lock: line('M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5'),
  eye: line(
    'M1.5 8C3.2 5 5.4 3.6 8 3.6S12.8 5 14.5 8c-1.7 3-3.9 4.4-6.5 4.4S3.2 11 1.5 8zM8 6.1a1.9 1.9 0 1 1 0 3.8a1.9 1.9 0 0 1 0-3.8',
  ),
  'eye-off': line(
    'M2.5 13.5l11-11M4.3 11.3C3.2 10.5 2.3 9.4 1.5 8C3.2 5 5.4 3.6 8 3.6c.8 0 1.6.1 2.3.4M12.3 5.2c.8.7 1.5 1.6 2.2 2.8c-1.7 3-3.9 4.4-6.5 4.4c-.6 0-1.2-.1-1.8-.2',
  ),
  empty: line('M2 6l6-3 6 3v5l-6 3-6-3zM2 6l6 3 6-3M8 9v5'),
} as const;

export type IconName = keyof typeof drawings;

/** A drawing beside a text that says the same: hidden from screen readers. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true" focusable="false">
      {drawings[name]}
    </svg>
  );
}
