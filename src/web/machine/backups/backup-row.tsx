// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'react';
import { useLocation } from 'wouter';
import type { Machine } from '../../../contract/api.ts';
import type { Backup } from '../../../contract/backup.ts';
import { freeName } from '../../home/order.ts';
import { Button } from '../../parts/button.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Row } from '../../parts/rows.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { call } from '../../service/api.ts';
import { useMachines } from '../../service/queries.ts';
import { TaskDialog } from '../../tasks/task-dialog.tsx';
import { useFormats } from '../../text/language.ts';
import { useBackupText } from './words.ts';

interface BackupRowProps {
  machine: Machine;
  backup: Backup;
  /** Why nothing can be done with the machine now; null: it can */
  hindrance: string | null;
}

/** One backup: when, what it is, and the way back from it. */
export function BackupRow({ machine, backup, hindrance }: BackupRowProps) {
  const text = useBackupText();
  const formats = useFormats();
  const toasts = useToasts();
  const [open, setOpen] = useState<'restore' | 'delete' | null>(null);
  const { id, takenAt, kind, automatic, guest, bytes, problem } = backup;
  const when = formats.time(takenAt);
  return (
    <li className="backup">
      <Row
        title={<span title={formats.exactTime(takenAt)}>{when}</span>}
        subtitle={
          <span className="backup-facts">
            <span className="numeric">{formats.bytes(bytes)}</span>
            <span className="pill" {...(kind === 'incremental' && { title: text.incrementalAbout })}>
              {text[kind]}
            </span>
            {automatic !== null && <span className="pill">{text.kinds[automatic]}</span>}
            {guest === 'running' && (
              <span className="pill" title={text.runningAbout}>
                {text.running}
              </span>
            )}
            {problem !== null && <span className="field-problem">{problem}</span>}
          </span>
        }
        end={
          <>
            <Button
              label={text.restore.action}
              aria-label={text.restore.of(when)}
              {...(problem !== null && { reason: problem })}
              onClick={() => setOpen('restore')}
            />
            <Menu
              label={text.menu(when)}
              groups={[
                [
                  {
                    label: text.delete.action,
                    icon: 'bin',
                    destructive: true,
                    ...(hindrance !== null && { reason: hindrance }),
                    onSelect: () => setOpen('delete'),
                  },
                ],
              ]}
            />
          </>
        }
      />
      {open === 'restore' && (
        <RestoreDialog machine={machine} backup={backup} when={when} onClose={() => setOpen(null)} />
      )}
      {open === 'delete' && (
        <TaskDialog
          title={text.delete.title(when)}
          label={text.delete.label}
          destructive
          begin={() => call('deleteBackup', { params: { ref: machine.id, backup: id } })}
          onDone={() => toasts.show(text.delete.done)}
          onClose={() => setOpen(null)}
        >
          <p>{text.delete.text}</p>
        </TaskDialog>
      )}
    </li>
  );
}

interface RestoreDialogProps {
  machine: Machine;
  backup: Backup;
  when: string;
  onClose(): void;
}

/** A new machine beside this one: what is here now is never overwritten by what was. */
function RestoreDialog({ machine, backup, when, onClose }: RestoreDialogProps) {
  const { restore: text } = useBackupText();
  const toasts = useToasts();
  const [, navigate] = useLocation();
  const machines = useMachines().data ?? [];
  const field = useId();
  const [name, setName] = useState(() => freeName(backup.machineName, machines));
  return (
    <TaskDialog
      title={text.title(when)}
      label={text.label}
      begin={() =>
        call('restoreBackup', { body: { machine: machine.id, backup: backup.id, name: name.trim() } })
      }
      onDone={({ machineId }) =>
        toasts.show(text.done(name.trim()), {
          label: text.open,
          run: () => navigate(`/machines/${machineId ?? ''}`),
        })
      }
      onClose={onClose}
    >
      <p>{text.text}</p>
      <div className="field">
        <label htmlFor={field}>{text.name}</label>
        <input
          id={field}
          className="input"
          value={name}
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
    </TaskDialog>
  );
}
