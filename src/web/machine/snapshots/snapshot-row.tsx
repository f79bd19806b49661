// SPDX-License-Identifier: Apache-2.0
import type { Snapshot } from '../../../contract/snapshot.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Menu } from '../../parts/menu.tsx';
import { useFormats } from '../../text/language.ts';
import { pictureOf } from './queries.ts';
import type { SnapshotActions } from './use-snapshot-actions.tsx';
import { automaticText, useSnapshotText } from './words.ts';

interface SnapshotRowProps {
  machineId: string;
  snapshot: Snapshot;
  parent: Snapshot | undefined;
  actions: SnapshotActions;
}

/** One snapshot: its picture and what is known about it, the way back to it, and what else can be done with it. */
export function SnapshotRow({ machineId, snapshot, parent, actions }: SnapshotRowProps) {
  const text = useSnapshotText();
  const formats = useFormats();
  const { id, name, note, takenAt, memory, automatic, picture, bytes, problem } = snapshot;
  const goBack = actions.goBackReason(snapshot);
  const deleting = actions.deleteReason;
  return (
    <>
      <div className="snapshot-picture" aria-hidden="true">
        {picture ? (
          <img src={pictureOf(machineId, id)} alt="" loading="lazy" draggable={false} />
        ) : (
          <Icon name={problem === null ? 'disk' : 'warning'} size={28} />
        )}
      </div>
      <div className="snapshot-text">
        <h3>
          <button type="button" className="snapshot-name" onClick={() => actions.run('show', snapshot)}>
            <bdi>{name}</bdi>
          </button>
        </h3>
        <p className="small dim">
          {takenAt !== '' && <span title={formats.exactTime(takenAt)}>{formats.ago(takenAt)}</span>}
          <span className="visually-hidden">
            , {parent === undefined ? text.followsNone : text.follows(parent.name)}
          </span>
          {bytes > 0 && (
            <span title={text.frees(formats.bytes(bytes))}> · {text.freesShort(formats.bytes(bytes))}</span>
          )}
        </p>
        {problem !== null && <p className="small field-problem">{problem}</p>}
        {note !== '' && <p className="small snapshot-note clamped">{note}</p>}
        {(memory || automatic !== null) && (
          <p className="snapshot-marks">
            {memory && (
              <span className="pill accent" title={text.memoryAbout}>
                <Icon name="memory" size={11} />
                {text.memory}
              </span>
            )}
            {automatic !== null && <span className="pill">{automaticText(automatic, text)}</span>}
          </p>
        )}
      </div>
      <div className="snapshot-buttons">
        <Button
          label={text.goBack.action}
          aria-label={text.goBack.of(name)}
          {...(goBack !== null && { reason: goBack })}
          onClick={() => actions.run('goBack', snapshot)}
        />
        <Menu
          label={text.menu(name)}
          groups={[
            [
              { label: text.edit.action, icon: 'edit', onSelect: () => actions.run('edit', snapshot) },
              {
                label: text.clone,
                icon: 'copy',
                ...(problem !== null && { reason: problem }),
                onSelect: () => actions.run('clone', snapshot),
              },
            ],
            [
              {
                label: text.delete.action,
                icon: 'bin',
                destructive: true,
                ...(deleting !== null && { reason: deleting }),
                onSelect: () => actions.run('delete', snapshot),
              },
            ],
          ]}
        />
      </div>
    </>
  );
}
