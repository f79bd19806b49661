// SPDX-License-Identifier: Apache-2.0
import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { Machine } from '../../../contract/api.ts';
import type { Snapshot, SnapshotTree } from '../../../contract/snapshot.ts';
import { possibleWhile, useHindrance } from '../hindrance.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { GoBackDialog } from './go-back-dialog.tsx';
import { SnapshotDialog } from './snapshot-dialog.tsx';

const CloneDialog = lazy(() => import('../keep/clone-dialog.tsx'));

type SnapshotAction = 'show' | 'goBack' | 'edit' | 'delete' | 'clone';

export interface SnapshotActions {
  /** Opens the dialog that does it */
  run(action: SnapshotAction, snapshot: Snapshot): void;
  /** Why the machine cannot go back to it now; null: it can */
  goBackReason(snapshot: Snapshot): string | null;
  /** Why none can be deleted now */
  deleteReason: string | null;
  /** Render it somewhere */
  dialog: ReactNode;
}

/** What people do with a snapshot: each has its dialog, one at a time. */
export function useSnapshotActions(machine: Machine, tree: SnapshotTree): SnapshotActions {
  const hindrance = useHindrance(machine)(possibleWhile.settled);
  const [open, setOpen] = useState<{ action: SnapshotAction; id: string } | null>(null);
  const close = () => setOpen(null);
  // As it is now: it may have changed, or gone, since the dialog was opened.
  const snapshot = tree.snapshots.find(({ id }) => id === open?.id);

  const actions: SnapshotActions = {
    run: (action, { id }) => setOpen({ action, id }),
    goBackReason: ({ problem }) => problem ?? hindrance,
    deleteReason: hindrance,
    dialog: null,
  };
  const dialog = (): ReactNode => {
    if (open === null || snapshot === undefined) return null;
    switch (open.action) {
      case 'show':
        return <SnapshotDialog machine={machine} snapshot={snapshot} actions={actions} onClose={close} />;
      case 'goBack':
        return <GoBackDialog machine={machine} snapshot={snapshot} tree={tree} onClose={close} />;
      case 'edit':
        return <EditDialog machineId={machine.id} snapshot={snapshot} onClose={close} />;
      case 'delete':
        return <DeleteDialog machine={machine} snapshot={snapshot} onClose={close} />;
      case 'clone':
        return (
          <Suspense>
            <CloneDialog machine={machine} snapshot={snapshot.id} onClose={close} />
          </Suspense>
        );
    }
  };
  return { ...actions, dialog: dialog() };
}
