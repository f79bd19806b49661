// SPDX-License-Identifier: Apache-2.0
import { lazy, Suspense, useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { Button } from '../../parts/button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { StatusPage } from '../../parts/status-page.tsx';
import { ScheduleGroup } from '../backups/schedule-group.tsx';
import { useHindrance, possibleWhile } from '../hindrance.ts';
import { MachineTasks } from '../machine-tasks.tsx';
import { useSnapshots } from './queries.ts';
import { SnapshotTreeView } from './snapshot-tree.tsx';
import { TakeDialog } from './take-dialog.tsx';
import { useSnapshotText } from './words.ts';
import './snapshots.css';

const BackupsView = lazy(() => import('../backups/backups-view.tsx'));

type View = 'snapshots' | 'backups';

/** What nothing gets lost by: the states of the machine to come back to, and its copies elsewhere. */
export default function SnapshotsTab({ machine }: { machine: Machine }) {
  const { views } = useSnapshotText();
  const [view, setView] = useState<View>('snapshots');
  return (
    <div className="view snapshots">
      <div>
        <Segmented<View>
          label={views.label}
          value={view}
          options={(['snapshots', 'backups'] as const).map((name) => ({ value: name, label: views[name] }))}
          onChange={setView}
        />
      </div>
      <MachineTasks machineId={machine.id} />
      {view === 'snapshots' ? (
        <Snapshots machine={machine} />
      ) : (
        <Suspense>
          <BackupsView machine={machine} />
        </Suspense>
      )}
    </div>
  );
}

function Snapshots({ machine }: { machine: Machine }) {
  const text = useSnapshotText();
  const query = useSnapshots(machine.id);
  const isEncrypted = machine.definition?.encryption !== undefined;
  const settled = useHindrance(machine)(possibleWhile.settled);
  const hindrance = settled ?? (isEncrypted ? text.encrypted : null);
  const [taking, setTaking] = useState(false);
  const reason = hindrance === null ? {} : { reason: hindrance };
  const take = () => setTaking(true);
  return (
    <>
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
      <ScheduleGroup machine={machine} what="snapshots" reason={hindrance} />
      {taking && <TakeDialog machine={machine} onClose={() => setTaking(false)} />}
    </>
  );
}
