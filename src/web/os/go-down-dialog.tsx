// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { PowerAction } from '../../contract/os.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Group, Row, SwitchRow } from '../parts/rows.tsx';
import { call } from '../service/api.ts';
import { TaskProgress } from '../tasks/task-progress.tsx';
import { useTask } from '../tasks/use-task.ts';
import { useText } from '../text/language.ts';
import type { OsSectionProps } from './os-view.tsx';
import { useOsWords } from './words.ts';

/** Says what becomes of each machine that runs before this PC goes down. */
export function GoDownDialog({
  action,
  status,
  onClose,
}: OsSectionProps & { action: PowerAction; onClose(): void }) {
  const { down } = useOsWords();
  const { common } = useText();
  const [stop, setStop] = useState(false);
  const [isGoing, setIsGoing] = useState(false);
  const task = useTask();
  const { guests } = status;
  const isNeeded = guests.some(({ hindrance }) => hindrance !== null) && !stop;
  const go = async (): Promise<void> => {
    const done = await task.run(() => call('osPower', { body: { action, ...(stop && { stop }) } }));
    if (done !== null) setIsGoing(true);
  };
  return (
    <Dialog
      title={action === 'restart' ? down.restartTitle : down.powerOffTitle}
      onClose={onClose}
      locked={task.busy}
      footer={
        isGoing ? undefined : (
          <>
            <Button label={common.cancel} onClick={() => (task.busy ? void task.abort() : onClose())} />
            <Button
              label={action === 'restart' ? down.restart : down.powerOff}
              kind="suggested"
              disabled={task.busy}
              {...(isNeeded && { reason: down.needed })}
              onClick={() => void go()}
            />
          </>
        )
      }
    >
      {isGoing ? <p role="status">{down.going}</p> : <Guests guests={guests} stop={stop} onStop={setStop} />}
      {task.task !== null && <TaskProgress task={task.task} />}
      <ErrorNote error={task.error} />
    </Dialog>
  );
}

function Guests({
  guests,
  stop,
  onStop,
}: {
  guests: OsSectionProps['status']['guests'];
  stop: boolean;
  onStop(stop: boolean): void;
}) {
  const { down } = useOsWords();
  if (guests.length === 0) return <p>{down.none}</p>;
  return (
    <Group>
      {guests.map(({ id, name, hindrance }) => (
        <Row
          key={id}
          icon={hindrance === null ? 'save' : 'warning'}
          title={name}
          subtitle={hindrance === null ? down.saved : down.notSaved(hindrance)}
        />
      ))}
      {guests.some(({ hindrance }) => hindrance !== null) && (
        <SwitchRow title={down.stop} subtitle={down.stopAbout} value={stop} onChange={onStop} />
      )}
    </Group>
  );
}
