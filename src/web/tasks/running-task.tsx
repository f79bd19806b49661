// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { Task } from '../../contract/task.ts';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { call } from '../service/api.ts';
import { useMachines } from '../service/queries.ts';
import { useFormats, useText } from '../text/language.ts';
import { losesWork } from './arrange.ts';
import { AskingNote } from './asking-note.tsx';
import { TaskProgress } from './task-progress.tsx';

export function RunningTask({ task }: { task: Task }) {
  const { tasks: text } = useText();
  const formats = useFormats();
  const machines = useMachines().data ?? [];
  const [asking, setAsking] = useState(false);
  const abort = useAction(() => call('abortTask', { params: { id: task.id } }));
  return (
    <div className="task">
      <div className="task-line">
        <div>
          <p>{task.what}</p>
          <p className="small dim">{text.began(formats.ago(task.startedAt))}</p>
        </div>
        <Button
          label={text.abort}
          aria-label={text.abortOf(task.what)}
          disabled={abort.busy}
          onClick={() => {
            if (losesWork(task, machines)) setAsking(true);
            else void abort.run();
          }}
        />
      </div>
      <TaskProgress task={task} />
      <AskingNote task={task} />
      <ErrorNote error={abort.error} />
      {asking && (
        <Confirm
          title={text.abortTitle(task.what)}
          label={text.abort}
          destructive
          work={() => call('abortTask', { params: { id: task.id } })}
          onClose={() => setAsking(false)}
        >
          <p>
            {task.bytes !== null && task.bytes.done > 0
              ? text.abortBytes(formats.bytes(task.bytes.done))
              : text.abortText}
          </p>
        </Confirm>
      )}
    </div>
  );
}
