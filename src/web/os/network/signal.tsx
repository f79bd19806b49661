// SPDX-License-Identifier: Apache-2.0
import './network.css';

// Radii of three arcs above a dot, in the 16 units of our drawings.
const arcs = [3.2, 6.2, 9.2];

/** How well a network is heard, as telephones show it; a text beside it says the same. */
export function Signal({ percent }: { percent: number }) {
  const lit = percent >= 70 ? 3 : percent >= 45 ? 2 : percent >= 20 ? 1 : 0;
  return (
    <svg
      className="icon signal"
      viewBox="0 0 16 16"
      width={20}
      height={20}
      aria-hidden="true"
      focusable="false"
    >
      <circle cx="8" cy="12.6" r="1.3" fill="currentColor" />
      {arcs.map((radius, at) => {
        const side = radius * Math.SQRT1_2;
        return (
          <path
            key={radius}
            className={at < lit ? 'lit' : 'unlit'}
            d={`M${8 - side} ${12.6 - side}A${radius} ${radius} 0 0 1 ${8 + side} ${12.6 - side}`}
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
            strokeLinecap="round"
          />
        );
      })}
    </svg>
  );
}
