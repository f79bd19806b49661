// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { SwitchRow } from '../../parts/rows.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { call } from '../../service/api.ts';
import { TaskDialog } from '../../tasks/task-dialog.tsx';
import { useFormats } from '../../text/language.ts';
import { NameAndNote } from './name-and-note.tsx';
import { useSnapshotText } from './words.ts';

/** Keeps the machine as it is now. */
export function TakeDialog({ machine, onClose }: { machine: Machine; onClose(): void }) {
  const { dialog: text } = useSnapshotText();
  const formats = useFormats();
  const toasts = useToasts();
  const id = useId();
  const { state } = machine;
  const live = state.name === 'running' || state.name === 'paused';
  const [name, setName] = useState('');
  const [note, setNote] = useState('');
  const [memory, setMemory] = useState(true);
  const wanted = name.trim();
  const begin = () =>
    call('takeSnapshot', {
      params: { ref: machine.id },
      body: {
        ...(wanted !== '' && { name: wanted }),
        ...(note.trim() !== '' && { note: note.trim() }),
        // Of one that does not run it says nothing: what was saved is always kept.
        memory: live ? memory : true,
      },
    });
  return (
    <TaskDialog
      title={text.title}
      label={text.label}
      begin={begin}
      onDone={() => toasts.show(wanted === '' ? text.takenNow : text.taken(wanted))}
      onClose={onClose}
    >
      <NameAndNote
        id={id}
        name={name}
        note={note}
        namePlaceholder={text.namePlaceholder}
        onName={setName}
        onNote={setNote}
      />
      {live && (
        <div className="card list">
          <SwitchRow
            title={text.memory}
            subtitle={memory ? text.memoryAbout(formats.bytes(machine.memory ?? 0)) : text.noMemory}
            value={memory}
            onChange={setMemory}
          />
        </div>
      )}
    </TaskDialog>
  );
}
