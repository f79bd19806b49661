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
  const { state, definition } = machine;
  const live = state.name === 'running' || state.name === 'paused';
  // What is written of a memory could be read by everybody, so encrypted machines are kept without.
  const offersMemory = live && definition?.encryption === undefined;
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
        memory: live ? offersMemory && memory : true,
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
      {offersMemory && (
        <div className="card list">
          <SwitchRow
            title={text.memory}
            subtitle={memory ? text.memoryAbout(formats.bytes(machine.memory ?? 0)) : text.noMemory}
            value={memory}
            onChange={setMemory}
          />
        </div>
      )}
      {live && !offersMemory && <p className="small dim">{text.noMemory}</p>}
    </TaskDialog>
  );
}
