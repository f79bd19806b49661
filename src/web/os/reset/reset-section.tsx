// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ResetPlan } from '../../../contract/os-settings.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Group, Row, SwitchRow, TextRow } from '../../parts/rows.tsx';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { TaskProgress } from '../../tasks/task-progress.tsx';
import { useTask } from '../../tasks/use-task.ts';
import { useFormats, useText } from '../../text/language.ts';
import { useNetworkWords } from '../network/words.ts';
import type { OsSectionProps } from '../os-view.tsx';

/** Erases everything that is kept on this PC, after saying what that is. */
export function ResetSection({ status: { image } }: OsSectionProps) {
  const words = useNetworkWords();
  const [asking, setAsking] = useState(false);
  if (image === null || image.live) return null;
  return (
    <Group>
      <Row
        title={words.reset}
        subtitle={words.resetAbout}
        end={<Button label={words.resetButton} onClick={() => setAsking(true)} />}
      />
      {asking && <ResetDialog onClose={() => setAsking(false)} />}
    </Group>
  );
}

function ResetDialog({ onClose }: { onClose(): void }) {
  const words = useNetworkWords();
  // Machines come and go: what is erased is asked each time.
  const plan = useQuery({
    queryKey: keys.resetPlan,
    queryFn: ({ signal }) => call('planReset', { signal }),
    gcTime: 0,
  });
  const [typed, setTyped] = useState('');
  const [stopRunning, setStopRunning] = useState(false);
  const task = useTask();
  const { cancel } = useText().common;
  const ready =
    plan.data !== undefined &&
    plan.data.refusal === null &&
    typed.trim() === plan.data.hostName &&
    (stopRunning || plan.data.machines.every(({ running }) => !running));
  return (
    <Dialog
      title={words.resetTitle}
      onClose={onClose}
      locked={task.busy}
      footer={
        <>
          <Button label={cancel} disabled={task.busy} onClick={onClose} />
          <Button
            label={words.erase}
            kind="destructive"
            disabled={!ready || task.busy}
            onClick={() =>
              void task.run(() => call('factoryReset', { body: { hostName: typed.trim(), stopRunning } }))
            }
          />
        </>
      }
    >
      <Loaded query={plan}>
        {(shown) => (
          <>
            <Erased plan={shown} />
            {shown.refusal === null && (
              <div className="card list">
                <TextRow title={words.resetType(shown.hostName)} value={typed} onChange={setTyped} />
                {shown.machines.some(({ running }) => running) && (
                  <SwitchRow title={words.resetStop} value={stopRunning} onChange={setStopRunning} />
                )}
              </div>
            )}
          </>
        )}
      </Loaded>
      {task.task !== null && <TaskProgress task={task.task} />}
      <ErrorNote error={task.error} />
    </Dialog>
  );
}

function Erased({ plan: { machines, imageBytes, encrypted, refusal } }: { plan: ResetPlan }) {
  const words = useNetworkWords();
  const formats = useFormats();
  return (
    <>
      {refusal !== null && <p className="note warn">{refusal}</p>}
      <div className="card list">
        {machines.length === 0 && <Row title={words.resetNone} />}
        {machines.map(({ id, name, bytes, running, deleted }) => (
          <Row
            key={`${id} ${String(deleted)}`}
            title={name}
            subtitle={running ? words.resetRunning : deleted ? words.resetBin : undefined}
            end={formats.bytes(bytes)}
          />
        ))}
        <Row title={words.resetImages} end={formats.bytes(imageBytes)} />
      </div>
      {encrypted && <p className="dim small">{words.resetEncrypted}</p>}
    </>
  );
}
