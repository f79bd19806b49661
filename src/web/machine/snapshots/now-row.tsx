// SPDX-License-Identifier: Apache-2.0
import type { Machine } from '../../../contract/api.ts';
import type { Snapshot } from '../../../contract/snapshot.ts';
import { StatePill } from '../../parts/state-pill.tsx';
import { useSnapshotText } from './words.ts';

/** Where the machine is now: the only place in the tree that changes. */
export function NowRow({ machine, parent }: { machine: Machine; parent: Snapshot | undefined }) {
  const { now } = useSnapshotText();
  return (
    <div className="snapshot-now">
      <h3>{now.title}</h3>
      <StatePill state={machine.state.name} />
      <p className="small dim">{parent === undefined ? now.followsNone : now.follows(parent.name)}</p>
    </div>
  );
}
