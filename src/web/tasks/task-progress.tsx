// SPDX-License-Identifier: Apache-2.0
import { readAskingStep } from '../../contract/installing.ts';
import type { Task } from '../../contract/task.ts';
import { Progress } from '../parts/progress.tsx';
import { useFormats, useText } from '../text/language.ts';
import { stepWords } from './step-words.ts';
import './tasks.css';

/** How far a running task is: a bar, and in words the step, bytes, speed and the time that is left. */
export function TaskProgress({
  task,
}: {
  task: Pick<Task, 'what' | 'step' | 'fraction' | 'bytes' | 'secondsLeft'>;
}) {
  const { tasks } = useText();
  const formats = useFormats();
  const { what, fraction, bytes, secondsLeft } = task;
  const facts = [
    stepWords(readAskingStep(task.step)?.step ?? task.step, tasks.steps),
    fraction !== null && bytes === null && formats.percent(fraction),
    bytes !== null &&
      (bytes.total === null
        ? formats.bytes(bytes.done)
        : tasks.bytes(formats.bytes(bytes.done), formats.bytes(bytes.total))),
    bytes !== null && bytes.perSecond !== null && formats.rate(bytes.perSecond),
    secondsLeft !== null && tasks.left(formats.duration(secondsLeft)),
  ].filter((fact) => fact !== false && fact !== '');
  return (
    <div className="task-progress">
      <Progress fraction={fraction} label={what} />
      <p className="small dim numeric">{facts.length > 0 ? facts.join(' · ') : tasks.working}</p>
    </div>
  );
}
