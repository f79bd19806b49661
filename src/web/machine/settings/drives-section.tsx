// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { RemovableDrive } from '../../../contract/machine.ts';
import { completeValue } from '../../../contract/validate.ts';
import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Group, Row } from '../../parts/rows.tsx';
import { FileChooser } from '../../new-machine/file-chooser.tsx';
import '../../new-machine/new-machine.css';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { useText } from '../../text/language.ts';
import { useDraftContext } from './draft.ts';
import { AddRow, RemoveRow } from './entry-rows.tsx';
import { Expander } from './expander.tsx';
import { ChoiceField, NumberField } from './fields.tsx';
import { problemAt } from './problems.ts';

const newDrive = () => completeValue(RemovableDrive, { type: 'cdrom' }).value;

export function DrivesSection({ machine }: { machine: Machine }) {
  const { settings } = useText();
  const text = settings.drives;
  const { removable } = useDraftContext().definition;
  return (
    <Group title={text.title} description={text.description}>
      {removable.length === 0 && <Row title={settings.none} />}
      {removable.map((_, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- an entry has no other name
        <DriveEntry key={index} index={index} machine={machine} />
      ))}
      <AddRow
        label={text.add}
        about={text.addAbout}
        path={['removable']}
        count={removable.length}
        entry={newDrive}
      />
    </Group>
  );
}

function DriveEntry({ index, machine }: { index: number; machine: Machine }) {
  const { settings } = useText();
  const text = settings.drives;
  const { definition, saved, problems, edited } = useDraftContext();
  const drive = definition.removable[index] as RemovableDrive;
  const path = ['removable', index] as const;
  return (
    <Expander
      title={text.drive(index + 1)}
      subtitle={drive.file ?? text.empty}
      icon="disc"
      wrong={problemAt(problems, path, true) !== null}
      fresh={index >= saved.removable.length}
    >
      {edited.includes('removable') ? (
        <Row title={drive.file ?? text.empty} subtitle={text.saveFirst} />
      ) : (
        <Medium machine={machine} index={index} file={drive.file} />
      )}
      <ChoiceField path={[...path, 'detach']} words={text.detach} />
      <ChoiceField path={[...path, 'bus']} words={text.bus} />
      <NumberField path={[...path, 'bootIndex']} words={settings.disks.boot} optional />
      <RemoveRow label={text.remove} what={text.drive(index + 1)} path={path} />
    </Expander>
  );
}

/** What is in the drive. This is done at once, unlike the rest of the settings. */
function Medium({ machine, index, file }: { machine: Machine; index: number; file: string | undefined }) {
  const { settings, common } = useText();
  const text = settings.drives;
  const reason = machine.lacks?.includes('media-change') === true ? { reason: common.lacking } : {};
  const queries = useQueryClient();
  const [choosing, setChoosing] = useState(false);
  const params = { ref: machine.id, drive: String(index) };
  const exchange = useAction(async (medium: string | null) => {
    const after =
      medium === null
        ? await call('ejectMedium', { params })
        : await call('insertMedium', { params, body: { file: medium } });
    queries.setQueryData<Machine>(keys.machine(machine.id), after);
  });
  const eject = () => void exchange.run(null);
  return (
    <>
      <Row
        title={file ?? text.empty}
        subtitle={reason.reason}
        end={
          <span className="button-row">
            <Button
              label={file === undefined ? text.insert : text.exchange}
              disabled={exchange.busy}
              {...reason}
              onClick={() => setChoosing(true)}
            />
            {file !== undefined && (
              <Button label={text.eject} disabled={exchange.busy} {...reason} onClick={eject} />
            )}
          </span>
        }
      />
      <ErrorNote error={exchange.error} />
      {choosing && (
        <FileChooser
          onChoose={(medium) => void exchange.run(medium.file)}
          onClose={() => setChoosing(false)}
        />
      )}
    </>
  );
}
