// SPDX-License-Identifier: Apache-2.0
import type { Task } from '../../contract/task.ts';
import { LinkButton } from '../parts/button.tsx';
import { ReportNote } from '../parts/error-note.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useMachines } from '../service/queries.ts';
import { useFormats, useText } from '../text/language.ts';

const looks: Record<Task['state'], { className: string; icon: IconName }> = {
  running: { className: 'pill accent', icon: 'play' },
  done: { className: 'pill good', icon: 'check' },
  failed: { className: 'pill bad', icon: 'error' },
  aborted: { className: 'pill', icon: 'close' },
};

export function EndedTask({ task }: { task: Task }) {
  const { tasks: text } = useText();
  const formats = useFormats();
  const machine = useMachines().data?.find(({ id }) => id === task.machineId);
  const { className, icon } = looks[task.state];
  const ended = task.endedAt ?? task.startedAt;
  const seconds = (Date.parse(ended) - Date.parse(task.startedAt)) / 1000;
  return (
    <div className="task">
      <div className="task-line">
        <div>
          <p>{task.what}</p>
          <p className="small dim" title={formats.exactTime(ended)}>
            {text.took(formats.ago(ended), formats.duration(seconds))}
          </p>
          {task.image !== undefined && <p className="small dim">{text.useImage(task.image)}</p>}
        </div>
        <span className={className}>
          <Icon name={icon} size={11} />
          {text.states[task.state]}
        </span>
        {machine !== undefined && (
          <LinkButton label={text.openMachine} href={`/machines/${machine.id}`} kind="flat" />
        )}
      </div>
      {task.state === 'failed' && task.error !== null && <ReportNote report={task.error} />}
    </div>
  );
}
