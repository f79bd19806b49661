// SPDX-License-Identifier: Apache-2.0
import type { Machine } from '../../../contract/api.ts';
import type { Snapshot } from '../../../contract/snapshot.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Row } from '../../parts/rows.tsx';
import { useFormats } from '../../text/language.ts';
import { pictureOf } from './queries.ts';
import type { SnapshotActions } from './use-snapshot-actions.tsx';
import { automaticText, useSnapshotText } from './words.ts';

interface SnapshotDialogProps {
  machine: Machine;
  snapshot: Snapshot;
  actions: SnapshotActions;
  onClose(): void;
}

/** Everything about one snapshot, with its picture as large as there is room. */
export function SnapshotDialog({ machine, snapshot, actions, onClose }: SnapshotDialogProps) {
  const text = useSnapshotText();
  const formats = useFormats();
  const { id, name, note, takenAt, memory, automatic, bytes, problem } = snapshot;
  const goBack = actions.goBackReason(snapshot);
  return (
    <Dialog
      title={name}
      wide
      onClose={onClose}
      footer={
        <>
          <Button label={text.edit.action} onClick={() => actions.run('edit', snapshot)} />
          <Button
            label={text.goBack.action}
            kind="suggested"
            {...(goBack !== null && { reason: goBack })}
            onClick={() => actions.run('goBack', snapshot)}
          />
        </>
      }
    >
      {snapshot.picture && (
        <img className="snapshot-large" src={pictureOf(machine.id, id)} alt={text.pictureOf(name)} />
      )}
      {problem !== null && (
        <div className="note bad">
          <Icon name="error" />
          <p>{problem}</p>
        </div>
      )}
      {note !== '' && <p className="snapshot-note">{note}</p>}
      <section className="card list" aria-label={text.facts}>
        {takenAt !== '' && <Row title={text.when} end={<span>{formats.exactTime(takenAt)}</span>} />}
        <Row
          title={text.why}
          end={<span>{automatic === null ? text.asked : automaticText(automatic, text)}</span>}
        />
        <Row
          title={text.holds}
          subtitle={memory ? text.memoryAbout : undefined}
          end={<span>{memory ? text.holdsMemory : text.holdsDisks}</span>}
        />
        <Row
          title={text.space}
          end={<span>{bytes > 0 ? text.frees(formats.bytes(bytes)) : text.freesNothing}</span>}
        />
      </section>
    </Dialog>
  );
}
