// SPDX-License-Identifier: Apache-2.0
import type { Task } from '../../contract/task.ts';
import type { Context } from '../context.ts';
import { openEvents } from './events.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { Interrupted } from '../failure.ts';
import { createProgress } from '../terminal/progress.ts';

/**
 * Begins a task and follows it to its end, with a progress bar where somebody watches.
 *
 * Ctrl-C asks the service to abort it and waits until what it began is undone; a second Ctrl-C ends us at
 * once, and the service does the rest alone.
 *
 * @param aborted what to say when Ctrl-C ended it
 * @returns the task, done
 * @throws PhyllomeError the error of the task; Interrupted
 */
export async function followTask(
  context: Context,
  begin: () => Promise<Task>,
  aborted: string,
): Promise<Task> {
  const { client, output } = context;
  // Listening begins before the task does: nothing of it can be missed.
  using feed = await openEvents(client);
  using interrupt = onInterrupt();
  let task = await begin();
  interrupt.call(() => {
    output.note('Asking the service to stop; press Ctrl-C again not to wait for it.');
    // Its end arrives as an event, like any other end. Only the failure to ask is of interest.
    client.call('abortTask', { params: { id: task.id } }).catch(() => feed.close());
  });
  {
    using progress = createProgress(output);
    progress.show(task);
    for await (const event of task.state === 'running' ? feed : []) {
      if (event.type === 'task.changed' && event.task.id === task.id) task = event.task;
      if (event.type === 'events.lost') task = await client.call('showTask', { params: { id: task.id } });
      progress.show(task);
      if (task.state !== 'running') break;
    }
  }
  if (task.state === 'done') return task;
  if (interrupt.happened) throw new Interrupted(aborted);
  throw task.error === null
    ? new PhyllomeError('task-aborted', { what: task.what })
    : PhyllomeError.fromReport(task.error);
}

/** Catches the first Ctrl-C while it is in scope; the next one has its usual effect. */
function onInterrupt(): Disposable & { readonly happened: boolean; call(react: () => void): void } {
  let happened = false;
  let react: (() => void) | undefined;
  const listener = () => {
    happened = true;
    react?.();
  };
  process.once('SIGINT', listener);
  return {
    get happened() {
      return happened;
    },
    call(wanted) {
      react = wanted;
      if (happened) wanted();
    },
    [Symbol.dispose]: () => void process.off('SIGINT', listener),
  };
}
