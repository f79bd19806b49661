// SPDX-License-Identifier: Apache-2.0
//
// Where the lines of a tree of snapshots run: the newest on top, one row each, a lane for each branch. Pure.
import type { SnapshotTree } from '../../../contract/snapshot.ts';

/** The machine as it is now stands in the tree, too: on top, after the snapshot it goes on from. */
export const now = 'now';

export interface TreeRow {
  /** Of the snapshot, or `now` */
  id: string;
  /** In which lane its dot is, 0 at the start of the line */
  lane: number;
  /** Lanes whose lines come from above and end in its dot; its own among them when something follows it */
  from: number[];
  /** Lanes whose lines pass by */
  past: number[];
  /** A line leads on to its parent */
  on: boolean;
}

interface Node {
  id: string;
  parent: string | null;
}

export function layOutTree(tree: SnapshotTree): TreeRow[] {
  // What each lane leads to; null where it is free. The lane of "now" is the first: the way here is one straight line.
  const lanes: (string | null)[] = [];
  return order(tree).map(({ id, parent }) => {
    const from = lanes.flatMap((target, lane) => (target === id ? [lane] : []));
    const lane = from[0] ?? freeLane(lanes);
    for (const ended of from) lanes[ended] = null;
    const past = lanes.flatMap((target, other) => (target === null ? [] : [other]));
    lanes[lane] = parent;
    return { id, lane, from, past, on: parent !== null };
  });
}

/** How many lanes there are side by side. */
export function widthOf(rows: readonly TreeRow[]): number {
  return Math.max(1, ...rows.flatMap(({ lane, past }) => [lane + 1, ...past.map((other) => other + 1)]));
}

/** The newest first, but nothing before what follows it: clocks are set back sometimes. */
function order({ current, snapshots }: SnapshotTree): Node[] {
  const waiting = snapshots.toReversed().map(({ id, parent }): Node => ({ id, parent }));
  const ordered: Node[] = [{ id: now, parent: current }];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ id }) => waiting.every(({ parent }) => parent !== id));
    // A ring cannot be, but a page that hangs because of one would be worse.
    ordered.push(...waiting.splice(Math.max(0, next), 1));
  }
  return ordered;
}

function freeLane(lanes: readonly (string | null)[]): number {
  const free = lanes.indexOf(null);
  return free === -1 ? lanes.length : free;
}
