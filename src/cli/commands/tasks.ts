// SPDX-License-Identifier: Apache-2.0
import type { Task } from '../../contract/task.ts';
import type { Run } from '../context.ts';
import { plain } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { transferText } from '../terminal/transfer-text.ts';
import { timeText } from '../terminal/words.ts';

export const tasks: Run = async ({ client, output, json }, input) => {
  const id = input.text('abort');
  if (id !== undefined) {
    const task = await client.call('abortTask', { params: { id } });
    if (json) output.json(task);
    else
      output.say(
        task.state === 'aborted'
          ? `"${plain(task.what)}" was aborted.`
          : `"${plain(task.what)}" had ended: ${task.state}.`,
      );
    return;
  }
  const all = await client.call('listTasks');
  if (json) output.json(all);
  else taskLines(all).forEach(output.say);
};

function taskLines(all: readonly Task[]): string[] {
  if (all.length === 0) return ['Nothing is being worked on.'];
  const rows = all.map((task) => {
    const { what, state, step, fraction, startedAt, error, id } = task;
    const now = [step, transferText(task)].filter((part) => part !== '').join(': ');
    return [
      timeText(startedAt),
      plain(what),
      state === 'running' && fraction !== null ? `${Math.floor(fraction * 100)} %` : state,
      plain(id),
      plain(state === 'running' ? now : (error?.message ?? '')),
    ];
  });
  return textTable(
    [{ title: 'BEGAN' }, { title: 'TASK' }, { title: 'STATE' }, { title: 'ID' }, { title: '' }],
    rows,
  );
}
