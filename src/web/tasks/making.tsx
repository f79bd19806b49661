// SPDX-License-Identifier: Apache-2.0
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { TaskProgress } from './task-progress.tsx';
import type { FollowedTask } from './use-task.ts';

/** A machine that is being made or started, where that is all there is to see. */
export function Making({
  title,
  making,
  abortLabel,
}: {
  title: string;
  making: FollowedTask;
  abortLabel: string;
}) {
  const { task } = making;
  return (
    <div className="making">
      <Icon name="machines" size={96} />
      <p className="making-title" role="status">
        {title}
      </p>
      <TaskProgress
        task={task ?? { what: title, step: '', fraction: null, bytes: null, secondsLeft: null }}
      />
      {task !== null && (
        <div className="button-row">
          <Button label={abortLabel} onClick={() => void making.abort()} />
        </div>
      )}
    </div>
  );
}
