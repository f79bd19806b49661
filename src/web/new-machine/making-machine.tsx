// SPDX-License-Identifier: Apache-2.0
import { Button, LinkButton } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Icon } from '../parts/icon.tsx';
import { TaskProgress } from '../tasks/task-progress.tsx';
import { useText } from '../text/language.ts';
import type { Making } from './use-create.ts';

/** From "Create" until the machine is shown. */
export function MakingMachine({ making, name }: { making: Making; name: string }) {
  const { create } = useText();
  if (making.madeId !== null && making.startError !== null)
    return (
      <div className="view">
        <p>{create.madeNotStarted}</p>
        <ErrorNote error={making.startError} />
        <div className="button-row">
          <LinkButton label={create.openIt} href={`/machines/${making.madeId}`} kind="suggested" />
        </div>
      </div>
    );
  const { task } = making.task;
  const title = making.isStarting ? create.starting(name) : create.making(name);
  return (
    <div className="making-machine">
      <Icon name="machines" size={96} />
      <p className="making-title" role="status">
        {title}
      </p>
      <TaskProgress
        task={task ?? { what: title, step: '', fraction: null, bytes: null, secondsLeft: null }}
      />
      {task !== null && (
        <div className="button-row">
          <Button label={create.abort} onClick={() => void making.task.abort()} />
        </div>
      )}
    </div>
  );
}
