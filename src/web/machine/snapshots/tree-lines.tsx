// SPDX-License-Identifier: Apache-2.0
import type { TreeRow } from './tree-layout.ts';

// Distance of the lanes, and where in a row its dot is, measured from the top (px).
export const laneWidth = 20;
const dot = 34;

const x = (lane: number): number => lane * laneWidth + laneWidth / 2;

/** The part of the tree that is in one row. What is below the dot grows with the row, what is above has its size. */
export function TreeLines({ row, width, isNow }: { row: TreeRow; width: number; isNow: boolean }) {
  const { lane, from, past, on } = row;
  const total = width * laneWidth;
  return (
    <div className="tree-lines" aria-hidden="true" style={{ width: total }}>
      {past.map((other) => (
        <div key={other} className="tree-line" data-lane={other % 6} style={{ left: x(other), top: 0 }} />
      ))}
      {on && <div className="tree-line" data-lane={lane % 6} style={{ left: x(lane), top: dot }} />}
      <svg width={total} height={dot + 8} viewBox={`0 0 ${total} ${dot + 8}`}>
        {from.map((other) => (
          <path
            key={other}
            data-lane={other % 6}
            d={
              other === lane
                ? `M${x(lane)} 0V${dot}`
                : `M${x(other)} 0V${dot - 22}Q${x(other)} ${dot} ${x(lane)} ${dot}`
            }
          />
        ))}
        <circle cx={x(lane)} cy={dot} r={isNow ? 6 : 5} data-lane={lane % 6} data-now={isNow} />
      </svg>
    </div>
  );
}
