// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { Button } from '../../parts/button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { StatusPage } from '../../parts/status-page.tsx';
import { useHindrance, possibleWhile } from '../hindrance.ts';
import { MachineTasks } from '../machine-tasks.tsx';
import { useSnapshots } from './queries.ts';
import { SnapshotTreeView } from './snapshot-tree.tsx';
import { TakeDialog } from './take-dialog.tsx';
import { useSnapshotText } from './words.ts';
import './snapshots.css';

/** The states of the machine that can be come back to. */
export default function SnapshotsTab({ machine }: { machine: Machine }) {
  const text = useSnapshotText();
  const query = useSnapshots(machine.id);
  const isEncrypted = machine.definition?.encryption !== undefined;
  const settled = useHindrance(machine)(possibleWhile.settled);
  const hindrance = settled ?? (isEncrypted ? text.encrypted : null);
  const [taking, setTaking] = useState(false);
  const reason = hindrance === null ? {} : { reason: hindrance };
  const take = () => setTaking(true);
  return (
    <div className="view snapshots">
      <MachineTasks machineId={machine.id} />
      <Loaded query={query}>
        {(tree) =>
          tree.snapshots.length === 0 ? (
            <StatusPage icon="history" title={text.empty.title} text={text.empty.text}>
              <Button label={text.takeFirst} kind="suggested" pill onClick={take} {...reason} />
            </StatusPage>
          ) : (
            <SnapshotTreeView
              machine={machine}
              tree={tree}
              end={<Button label={text.takeFirst} icon="camera" onClick={take} {...reason} />}
            />
          )
        }
      </Loaded>
      {taking && <TakeDialog machine={machine} onClose={() => setTaking(false)} />}
    </div>
  );
}
