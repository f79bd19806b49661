// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import type { Task } from '../../../contract/task.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { keys } from '../../service/keys.ts';
import { TaskProgress } from '../../tasks/task-progress.tsx';
import { useTask } from '../../tasks/use-task.ts';
import { useText } from '../../text/language.ts';
import { useNetworkWords } from './words.ts';

interface ChangeDialogProps {
  title: string;
  label: string;
  destructive?: boolean;
  /** Said when the change waits for being kept */
  onTrial?: boolean;
  begin(): Promise<Task>;
  onClose(): void;
  children: ReactNode;
}

/** Asks for what a change of the network needs, makes it, and shows how it goes. */
export function ChangeDialog(props: ChangeDialogProps) {
  const { title, label, destructive = false, onTrial = true, begin, onClose, children } = props;
  const words = useNetworkWords();
  const { cancel } = useText().common;
  const queries = useQueryClient();
  const form = useId();
  const task = useTask();
  const submit = async (): Promise<void> => {
    const done = await task.run(begin);
    await queries.invalidateQueries({ queryKey: keys.network });
    await queries.invalidateQueries({ queryKey: keys.wifi });
    if (done !== null) onClose();
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      locked={task.busy}
      footer={
        <>
          <Button label={cancel} disabled={task.busy} onClick={onClose} />
          <Button
            label={label}
            kind={destructive ? 'destructive' : 'suggested'}
            type="submit"
            form={form}
            disabled={task.busy}
          />
        </>
      }
    >
      <form
        id={form}
        className="group"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
        {onTrial && <p className="dim small">{words.trial}</p>}
      </form>
      {task.task !== null && <TaskProgress task={task.task} />}
      <ErrorNote error={task.error} />
    </Dialog>
  );
}
