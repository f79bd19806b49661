// SPDX-License-Identifier: Apache-2.0
import { Group } from '../parts/rows.tsx';
import { useTasks } from '../service/queries.ts';
import { RunningTask } from '../tasks/running-task.tsx';

/** Long work on this machine, whoever began it: how far it is. Nothing while there is none. */
export function MachineTasks({ machineId }: { machineId: string }) {
  const running = (useTasks().data ?? []).filter(
    (task) => task.machineId === machineId && task.state === 'running',
  );
  if (running.length === 0) return null;
  return (
    <Group>
      {running.map((task) => (
        <RunningTask key={task.id} task={task} />
      ))}
    </Group>
  );
}
