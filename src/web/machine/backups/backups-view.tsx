// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import type { BackupList } from '../../../contract/backup.ts';
import { FolderChooser } from '../../new-machine/file-chooser.tsx';
import '../../new-machine/new-machine.css';
import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Group, Row } from '../../parts/rows.tsx';
import { StatusPage } from '../../parts/status-page.tsx';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { TaskDialog } from '../../tasks/task-dialog.tsx';
import { possibleWhile, useHindrance } from '../hindrance.ts';
import { BackupRow } from './backup-row.tsx';
import { ScheduleGroup } from './schedule-group.tsx';
import { useBackupText } from './words.ts';

/** The backups of a machine: what is there, one more, and those that are made by themselves. */
export default function BackupsView({ machine }: { machine: Machine }) {
  const query = useQuery({
    queryKey: keys.backups(machine.id),
    queryFn: ({ signal }) => call('listBackups', { params: { ref: machine.id }, signal }),
    // The drive with the folder comes and goes without an event.
    staleTime: 0,
  });
  return <Loaded query={query}>{(list) => <Backups machine={machine} list={list} />}</Loaded>;
}

type Open = { what: 'choose'; next: 'make' | 'set' } | { what: 'make'; folder: string } | { what: 'verify' };

function Backups({ machine, list }: { machine: Machine; list: BackupList }) {
  const text = useBackupText();
  const [open, setOpen] = useState<Open | null>(null);
  const { folder, warning, backups } = list;
  const isEncrypted = machine.definition?.encryption !== undefined;
  const settled = useHindrance(machine)(possibleWhile.settled);
  const hindrance = settled ?? (isEncrypted ? text.encrypted : null);
  const reason = hindrance === null ? {} : { reason: hindrance };
  const params = { ref: machine.id };
  const close = () => setOpen(null);
  const make = () => setOpen(folder === null ? { what: 'choose', next: 'make' } : { what: 'make', folder });
  const setFolder = useAction((value: string) => {
    const changes = [{ path: ['schedule', 'backups', 'folder'], value }];
    return call('changeDefinition', { params, body: { changes } });
  });
  const button = (
    <Button
      label={folder === null ? text.nowFirst : text.now}
      kind="suggested"
      pill={backups.length === 0}
      onClick={make}
      {...reason}
    />
  );
  return (
    <>
      {warning !== null && (
        <div className="note warn">
          <Icon name="warning" />
          <p lang="en">{warning}</p>
        </div>
      )}
      {backups.length === 0 ? (
        <StatusPage icon="shield" title={text.none.title} text={text.none.text}>
          {button}
        </StatusPage>
      ) : (
        <Group title={text.title} description={text.about(folder ?? '')} end={button}>
          <ul aria-label={text.list} className="list">
            {backups.map((backup) => (
              <BackupRow key={backup.id} machine={machine} backup={backup} hindrance={hindrance} />
            ))}
          </ul>
        </Group>
      )}
      <Group>
        <Row
          icon="folder"
          title={text.folder}
          subtitle={folder ?? text.noFolder}
          end={
            <>
              {backups.length > 0 && (
                <Button label={text.verify} onClick={() => setOpen({ what: 'verify' })} />
              )}
              <Button
                label={text.choose}
                onClick={() => setOpen({ what: 'choose', next: 'set' })}
                {...(settled !== null && { reason: settled })}
              />
            </>
          }
        />
      </Group>
      <ErrorNote error={setFolder.error} />
      <ScheduleGroup
        machine={machine}
        what="backups"
        reason={hindrance ?? (folder === null ? text.schedule.needsFolder : null)}
      />
      {open?.what === 'choose' && (
        <FolderChooser
          onChoose={(path) => {
            if (open.next === 'make') setOpen({ what: 'make', folder: path });
            else void setFolder.run(path);
          }}
          onClose={() => setOpen((now) => (now?.what === 'choose' ? null : now))}
        />
      )}
      {open?.what === 'make' && (
        <TaskDialog
          title={text.making}
          label={text.now}
          begin={() => call('makeBackup', { params, body: { folder: open.folder } })}
          onClose={close}
        >
          <p>{text.makingText(open.folder)}</p>
        </TaskDialog>
      )}
      {open?.what === 'verify' && (
        <TaskDialog
          title={text.verifyTitle}
          label={text.verifyLabel}
          begin={() => call('verifyBackups', { params, body: {} })}
          result={() => <p>{text.verified}</p>}
          onClose={close}
        >
          <p>{text.verifyText}</p>
        </TaskDialog>
      )}
    </>
  );
}
