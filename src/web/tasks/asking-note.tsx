// SPDX-License-Identifier: Apache-2.0
import { readAskingStep } from '../../contract/installing.ts';
import type { Task } from '../../contract/task.ts';
import { LinkButton } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { useText } from '../text/language.ts';

/** That the installer of a machine waits for its user, and the way to its screen. Nothing while it does not. */
export function AskingNote({ task: { step, machineId } }: { task: Pick<Task, 'step' | 'machineId'> }) {
  const { tasks } = useText();
  const asked = readAskingStep(step);
  if (asked === null || machineId === null) return null;
  return (
    <div className="note warn asking" role="alert">
      <Icon name="warning" />
      <div>
        <p>
          <strong>{tasks.asks}</strong>
        </p>
        <p className="small">
          <q>{asked.question}</q>
        </p>
      </div>
      <LinkButton label={tasks.look} icon="screen" kind="suggested" href={`/machines/${machineId}/screen`} />
    </div>
  );
}
