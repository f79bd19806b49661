// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import type { Snapshot, SnapshotTree } from '../../../contract/snapshot.ts';
import { ChoiceRow } from '../../parts/choice-row.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { call } from '../../service/api.ts';
import { TaskDialog } from '../../tasks/task-dialog.tsx';
import { useFormats } from '../../text/language.ts';
import { useSnapshotText } from './words.ts';

interface GoBackDialogProps {
  machine: Machine;
  snapshot: Snapshot;
  tree: SnapshotTree;
  onClose(): void;
}

/** Brings the machine back; how it is now becomes a snapshot unless somebody chooses to lose it. */
export function GoBackDialog({ machine, snapshot, tree, onClose }: GoBackDialogProps) {
  const { goBack: text } = useSnapshotText();
  const formats = useFormats();
  const toasts = useToasts();
  const name = useId();
  const [discard, setDiscard] = useState(false);
  const live = machine.state.name === 'running' || machine.state.name === 'paused';
  const last = tree.snapshots.find(({ id }) => id === tree.current);
  const begin = () =>
    call('revertSnapshot', { params: { ref: machine.id, snapshot: snapshot.id }, body: { discard } });
  const after = snapshot.memory ? text.resumes : live ? text.bootsAgain : text.boots;
  return (
    <TaskDialog
      title={text.title(snapshot.name)}
      label={discard ? text.discardLabel : text.label}
      destructive={discard}
      begin={begin}
      onDone={() => toasts.show(text.done(snapshot.name))}
      onClose={onClose}
    >
      <p>
        {text.text(machine.name)} {after}
      </p>
      <fieldset className="card list">
        <legend className="visually-hidden">{text.choice}</legend>
        <ChoiceRow
          name={name}
          title={text.keep}
          subtitle={text.keepAbout}
          checked={!discard}
          onChoose={() => setDiscard(false)}
        />
        <ChoiceRow
          name={name}
          title={text.discard}
          subtitle={last === undefined ? text.discardAll : text.discardAbout(formats.ago(last.takenAt))}
          checked={discard}
          onChoose={() => setDiscard(true)}
        />
      </fieldset>
    </TaskDialog>
  );
}
