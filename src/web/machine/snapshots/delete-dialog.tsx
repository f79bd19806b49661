// SPDX-License-Identifier: Apache-2.0
import type { Machine } from '../../../contract/api.ts';
import type { Snapshot } from '../../../contract/snapshot.ts';
import { useToasts } from '../../parts/toasts.tsx';
import { call } from '../../service/api.ts';
import { TaskDialog } from '../../tasks/task-dialog.tsx';
import { useFormats } from '../../text/language.ts';
import { useSnapshotText } from './words.ts';

interface DeleteDialogProps {
  machine: Machine;
  snapshot: Snapshot;
  onClose(): void;
}

/** Says what becomes free, and that all others stay. */
export function DeleteDialog({ machine, snapshot, onClose }: DeleteDialogProps) {
  const { delete: text } = useSnapshotText();
  const formats = useFormats();
  const toasts = useToasts();
  return (
    <TaskDialog
      title={text.title(snapshot.name)}
      label={text.label}
      destructive
      begin={() => call('deleteSnapshot', { params: { ref: machine.id, snapshot: snapshot.id } })}
      onDone={() => toasts.show(text.done(snapshot.name))}
      onClose={onClose}
    >
      <p>{text.text}</p>
      <p>{snapshot.bytes > 0 ? text.frees(formats.bytes(snapshot.bytes)) : text.freesLater}</p>
    </TaskDialog>
  );
}
