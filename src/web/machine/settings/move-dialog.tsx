// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import type { SwitchRequest } from '../../../contract/switch.ts';
import type { Task } from '../../../contract/task.ts';
import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { call } from '../../service/api.ts';
import { useConnection } from '../../service/context.ts';
import { followTask } from '../../service/follow-task.ts';
import { keys } from '../../service/keys.ts';
import { TaskProgress } from '../../tasks/task-progress.tsx';
import { useText } from '../../text/language.ts';
import { useVmmText, vmmName } from '../../vmm/words.ts';
import { MovePlan } from './move-plan.tsx';

/** Where a machine is to be moved. */
export type Destination = Pick<SwitchRequest, 'vmm' | 'back'>;

interface MoveDialogProps {
  machine: Machine;
  to: Destination;
  onClose(): void;
  /** Shows what going back would do */
  onBack(): void;
}

/** What a move to another VMM would change; then the move, how far it is, and the way back. */
export function MoveDialog({ machine, to, onClose, onBack }: MoveDialogProps) {
  const { move: text, ...words } = useVmmText();
  const { common, tasks } = useText();
  const connection = useConnection();
  const [start, setStart] = useState(true);
  const [task, setTask] = useState<Task | null>(null);
  const params = { ref: machine.id };
  const body = { ...to, start };
  const plan = useQuery({
    queryKey: keys.move(machine.id, to.vmm ?? 'back'),
    queryFn: ({ signal }) => call('planSwitch', { params, body: { ...to, start: true }, signal }),
    // The disks and the VMMs may be others than a moment ago.
    gcTime: 0,
  });
  const move = useAction(async () =>
    followTask(connection, await call('switchMachine', { params, body }), setTask),
  );
  const abort = useAction(async () => task !== null && call('abortTask', { params: { id: task.id } }));
  const title =
    to.back === true ? text.backTitle(machine.name) : text.title(machine.name, vmmName(to.vmm ?? '', words));
  const isDone = task?.state === 'done';
  const refused = plan.data === undefined || plan.data.refusals.length > 0;

  const footer = isDone ? (
    <>
      {to.back !== true && !start && <Button label={text.back} onClick={onBack} />}
      <Button label={common.close} kind="suggested" onClick={onClose} />
    </>
  ) : move.busy ? (
    <Button label={tasks.abort} disabled={task === null || abort.busy} onClick={() => void abort.run()} />
  ) : (
    <>
      <Button label={common.cancel} onClick={onClose} />
      <Button
        label={to.back === true ? text.goBack : text.move}
        kind="suggested"
        disabled={refused}
        onClick={() => void move.run()}
      />
    </>
  );
  return (
    <Dialog title={title} wide locked={move.busy} onClose={onClose} footer={footer}>
      {isDone ? (
        <p role="status">{start ? text.runs : text.set}</p>
      ) : move.busy ? (
        task !== null && <TaskProgress task={task} />
      ) : (
        <Loaded query={plan}>{(found) => <MovePlan plan={found} start={start} onStart={setStart} />}</Loaded>
      )}
      <ErrorNote error={move.error ?? abort.error} />
    </Dialog>
  );
}
