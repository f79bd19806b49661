// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { scheduleKinds } from '../../../contract/backup.ts';
import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Group, TextRow } from '../../parts/rows.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { isCount, scheduleChanges, writeSchedule, type TypedSchedule } from './schedule.ts';
import { useBackupText } from './words.ts';

interface ScheduleGroupProps {
  machine: Machine;
  what: 'snapshots' | 'backups';
  /** Why it cannot be set now; null: it can */
  reason: string | null;
}

/** How many snapshots or backups are made, and kept, without anybody asking. */
export function ScheduleGroup({ machine, what, reason }: ScheduleGroupProps) {
  const { schedule: text } = useBackupText();
  const queries = useQueryClient();
  const toasts = useToasts();
  const schedule = machine.definition?.schedule;
  const [edited, setEdited] = useState<TypedSchedule | null>(null);
  const typed = edited ?? writeSchedule(schedule, what);
  const isSound = scheduleKinds.every((kind) => isCount(typed[kind]));
  const changes = isSound ? scheduleChanges(schedule, what, typed) : [];
  const save = useAction(async () => {
    const saved = await call('changeDefinition', { params: { ref: machine.id }, body: { changes } });
    queries.setQueryData(keys.machine(machine.id), saved);
    setEdited(null);
    toasts.show(text.saved);
  });
  return (
    <>
      <Group
        title={text.title}
        description={text[what]}
        end={
          <Button
            label={text.save}
            kind={changes.length > 0 ? 'suggested' : 'normal'}
            disabled={save.busy || changes.length === 0}
            {...(reason !== null && { reason })}
            onClick={() => void save.run()}
          />
        }
      >
        {scheduleKinds.map((kind) => (
          <TextRow
            key={kind}
            title={text[kind]}
            subtitle={text.about[kind]}
            value={typed[kind]}
            problem={isCount(typed[kind]) ? null : text.wrong}
            maxLength={4}
            onChange={(value) => setEdited({ ...typed, [kind]: value })}
          />
        ))}
      </Group>
      <ErrorNote error={save.error} />
    </>
  );
}
