// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Snapshot } from '../../../contract/snapshot.ts';
import { Button } from '../../parts/button.tsx';
import { useAction } from '../../parts/action.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { useText } from '../../text/language.ts';
import { NameAndNote } from './name-and-note.tsx';
import { useSnapshotText } from './words.ts';

interface EditDialogProps {
  machineId: string;
  snapshot: Snapshot;
  onClose(): void;
}

/** What people call a snapshot, and what they note about it. */
export function EditDialog({ machineId, snapshot, onClose }: EditDialogProps) {
  const { common } = useText();
  const { edit: text } = useSnapshotText();
  const queries = useQueryClient();
  const id = useId();
  const [name, setName] = useState(snapshot.name);
  const [note, setNote] = useState(snapshot.note);
  const save = useAction(async () => {
    const tree = await call('changeSnapshot', {
      params: { ref: machineId, snapshot: snapshot.id },
      body: { name: name.trim(), note: note.trim() },
    });
    queries.setQueryData(keys.snapshots(machineId), tree);
  });
  return (
    <Dialog
      title={text.title}
      onClose={onClose}
      locked={save.busy}
      footer={
        <>
          <Button label={common.cancel} onClick={onClose} />
          <Button
            label={text.label}
            kind="suggested"
            type="submit"
            form={id}
            disabled={save.busy || name.trim() === ''}
          />
        </>
      }
    >
      <form
        id={id}
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save.run().then((done) => {
            if (done) onClose();
          });
        }}
      >
        <NameAndNote id={id} name={name} note={note} onName={setName} onNote={setNote} />
      </form>
      {snapshot.automatic !== null && <p className="small dim">{text.keeps}</p>}
      <ErrorNote error={save.error} />
    </Dialog>
  );
}
