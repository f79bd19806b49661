// SPDX-License-Identifier: Apache-2.0
import { useId } from 'react';

export interface Share {
  key: string;
  label: string;
  value: number;
  /** The value in words: "4 GiB" */
  text: string;
  /** host: kept; free: left over; 1 to 6: a colour of its own */
  look: 'host' | 'free' | 'others' | 1 | 2 | 3 | 4 | 5 | 6;
}

/** A whole and its parts as one bar; the words below say the same. Parts of nothing are left out. */
export function SharesBar({ title, shares }: { title: string; shares: readonly Share[] }) {
  const id = useId();
  const total = shares.reduce((sum, { value }) => sum + Math.max(0, value), 0);
  const shown = shares.filter(({ value }) => value > 0);
  return (
    <figure className="shares" aria-labelledby={id}>
      <figcaption id={id} className="visually-hidden">
        {title}
      </figcaption>
      <div className="shares-bar" aria-hidden="true">
        {shown.map(({ key, look, value }) => (
          <div key={key} data-look={look} style={{ flexGrow: total === 0 ? 0 : value / total }} />
        ))}
      </div>
      <ul className="shares-legend small">
        {shown.map(({ key, label, text, look }) => (
          <li key={key}>
            <span className="shares-colour" data-look={look} aria-hidden="true" />
            <span>
              <bdi className="dim">{label}</bdi> <span className="numeric">{text}</span>
            </span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
