// SPDX-License-Identifier: Apache-2.0
import type { Task } from '../../contract/task.ts';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { call } from '../service/api.ts';
import { TaskProgress } from '../tasks/task-progress.tsx';
import { useText } from '../text/language.ts';

/** Machines on their way, above those that are there. */
export function CreatingCards({ tasks }: { tasks: readonly Task[] }) {
  const { home } = useText();
  if (tasks.length === 0) return null;
  return (
    <ul className="card list" aria-label={home.creating}>
      {tasks.map((task) => (
        <CreatingCard key={task.id} task={task} />
      ))}
    </ul>
  );
}

function CreatingCard({ task }: { task: Task }) {
  const { home } = useText();
  const abort = useAction(() => call('abortTask', { params: { id: task.id } }));
  return (
    <li className="creating">
      <div className="creating-text">
        <p className="row-title">{task.what}</p>
        <TaskProgress task={task} />
        <ErrorNote error={abort.error} />
      </div>
      <Button
        label={home.abort}
        aria-label={home.abortOf(task.what)}
        disabled={abort.busy}
        onClick={() => void abort.run()}
      />
    </li>
  );
}
