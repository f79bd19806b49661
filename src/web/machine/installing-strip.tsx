// SPDX-License-Identifier: Apache-2.0
import type { Machine } from '../../contract/api.ts';
import { useTasks } from '../service/queries.ts';
import { isInstalling } from '../tasks/arrange.ts';
import { RunningTask } from '../tasks/running-task.tsx';

/** Above the screen of a machine into which a system is being installed: how far that is. Else nothing. */
export function InstallingStrip({ machine, tab }: { machine: Machine; tab: 'screen' | 'console' }) {
  const task = useTasks().data?.find((one) => isInstalling(one, machine));
  if (task === undefined) return null;
  return (
    <section className="installing-strip" data-tab={tab} aria-label={task.what}>
      <RunningTask task={task} />
    </section>
  );
}
