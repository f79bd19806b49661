// SPDX-License-Identifier: Apache-2.0
//
// Snapshots by schedule. They bear a mark, and only what bears it is ever removed by itself.
import { scheduleKinds, type ScheduleKind } from '../../contract/backup.ts';
import type { Snapshots } from '../snapshots/create-snapshots.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import type { Store } from '../store.ts';
import type { Tasks } from '../tasks.ts';
import { requireFewLayers } from './few-layers.ts';
import { kept } from './retention.ts';
import { runTask } from './run-task.ts';
import type { Job } from './scheduler.ts';
import { forBackup } from './temporary-snapshot.ts';

export interface SnapshotJobParts {
  store: Pick<Store, 'find'>;
  tasks: Pick<Tasks, 'run'>;
  snapshots: Pick<Snapshots, 'takeNow' | 'removeNow' | 'records'>;
}

const timeOf = ({ takenAt }: SnapshotRecord): Date => new Date(takenAt);
const isAutomatic = ({ automatic }: SnapshotRecord): boolean =>
  scheduleKinds.some((kind) => kind === automatic);

export function snapshotJob({ store, tasks, snapshots }: SnapshotJobParts): Job {
  return {
    what: 'snapshot',
    wishes: ({ definition }) => definition?.schedule?.snapshots,
    async times(machine) {
      const records = (await snapshots.records(machine)).filter(({ automatic }) => automatic !== forBackup);
      return { automatic: records.filter(isAutomatic).map(timeOf), all: records.map(timeOf) };
    },
    run: ({ id, name }, kind) =>
      runTask(tasks, `Take a snapshot of ${name} (${kind})`, id, async (context) => {
        const wish = { name: nameFor(kind, new Date()), note: '', memory: false, automatic: kind };
        await requireFewLayers(store.find(id));
        await snapshots.takeNow(store.find(id), wish, context);
        const machine = store.find(id);
        const mine = (await snapshots.records(machine)).filter(isAutomatic);
        const keep = kept(mine, timeOf, machine.definition?.schedule?.snapshots ?? {});
        for (const record of mine)
          if (!keep.has(record)) await snapshots.removeNow(store.find(id), record.id);
      }),
  };
}

const words: Record<ScheduleKind, string> = { hourly: 'Hourly', daily: 'Daily', weekly: 'Weekly' };

const nameFor = (kind: ScheduleKind, time: Date): string =>
  `${words[kind]} ${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
