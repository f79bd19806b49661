// SPDX-License-Identifier: Apache-2.0
import { useState, type ReactNode } from 'react';
import type { Task } from '../../contract/task.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { useText } from '../text/language.ts';
import { TaskProgress } from './task-progress.tsx';
import { useTask } from './use-task.ts';

interface TaskDialogProps {
  title: string;
  /** What is asked before; fields too */
  children: ReactNode;
  /** What the button does, in one or two words */
  label: string;
  destructive?: boolean;
  /** Why it cannot be done now; null: it can */
  reason?: string | null;
  wide?: boolean;
  begin(): Promise<Task>;
  /** Not called when the task has an outcome to show: that is shown here instead, until it is closed */
  onDone?(task: Task): void;
  /** Shown in place of the question once it is done; without it the dialog closes */
  result?: (task: Task) => ReactNode;
  onClose(): void;
}

/** Asks, begins a task, shows how far it is, and what came of it. A failure stays beside the question. */
export function TaskDialog({
  title,
  children,
  label,
  destructive = false,
  reason = null,
  wide = false,
  begin,
  onDone,
  result,
  onClose,
}: TaskDialogProps) {
  const { common, tasks } = useText();
  const followed = useTask();
  const [done, setDone] = useState<Task | null>(null);
  const { task, busy } = followed;
  const submit = async (): Promise<void> => {
    const ended = await followed.run(begin);
    if (ended === null) return;
    onDone?.(ended);
    if (result === undefined) onClose();
    else setDone(ended);
  };
  const footer =
    done !== null ? (
      <Button label={common.close} kind="suggested" onClick={onClose} />
    ) : busy ? (
      <>
        <Button label={tasks.hide} kind="flat" onClick={onClose} />
        <Button label={tasks.abort} disabled={task === null} onClick={() => void followed.abort()} />
      </>
    ) : (
      <>
        <Button label={common.cancel} onClick={onClose} />
        <Button
          label={label}
          kind={destructive ? 'destructive' : 'suggested'}
          {...(reason !== null && { reason })}
          onClick={() => void submit()}
        />
      </>
    );
  return (
    <Dialog title={title} wide={wide} onClose={onClose} footer={footer}>
      {done !== null ? (
        <div role="status">{result?.(done)}</div>
      ) : busy ? (
        <TaskProgress
          task={task ?? { what: title, step: '', fraction: null, bytes: null, secondsLeft: null }}
        />
      ) : (
        // Enter in a field does what the button does.
        <form
          className="dialog-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (reason === null) void submit();
          }}
        >
          {children}
        </form>
      )}
      <ErrorNote error={followed.error} />
    </Dialog>
  );
}
