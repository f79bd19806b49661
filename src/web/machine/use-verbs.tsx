// SPDX-License-Identifier: Apache-2.0
import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { MachineSummary } from '../../contract/api.ts';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { Confirm, Dialog } from '../parts/dialog.tsx';
import { ErrorNote, reportOf } from '../parts/error-note.tsx';
import { useToasts } from '../parts/toasts.tsx';
import { call, ServiceError } from '../service/api.ts';
import { useConnection } from '../service/context.ts';
import { followTask } from '../service/follow-task.ts';
import { TaskProgress } from '../tasks/task-progress.tsx';
import { useTask, type FollowedTask } from '../tasks/use-task.ts';
import { useText } from '../text/language.ts';
import type { Verb } from './allowed.ts';
import { RenameDialog } from './rename-dialog.tsx';

// Dialogs that most visits do not see.
const CloneDialog = lazy(() => import('./keep/clone-dialog.tsx'));
const DeleteMachineDialog = lazy(() => import('./keep/delete-machine-dialog.tsx'));
const UnlockDialog = lazy(() => import('./keep/unlock-dialog.tsx'));

type Doable = Exclude<Verb, 'look'>;

export interface Verbs {
  /** Does it, after asking where something can be lost */
  run(verb: Doable): void;
  /** The question or the failure; render it somewhere */
  dialog: ReactNode;
  busy: boolean;
}

/** What people can do with a machine, from its card and from its own view. */
export function useVerbs(machine: Pick<MachineSummary, 'id' | 'name' | 'state' | 'template'>): Verbs {
  const connection = useConnection();
  const toasts = useToasts();
  const { machine: text, common } = useText();
  const [asking, setAsking] = useState<Question | 'unlock' | null>(null);
  const saving = useTask();
  const { id: ref, name } = machine;
  const params = { ref };

  const action = useAction(async (verb: 'start' | 'powerOff' | 'pause' | 'resume' | 'template') => {
    if (verb === 'start') await start();
    else if (verb === 'template') await changeTemplate();
    else if (verb === 'pause') await call('pauseMachine', { params });
    else if (verb === 'resume') await call('resumeMachine', { params });
    else await followTask(connection, await call('stopMachine', { params, body: {} }));
  });

  const start = async (): Promise<void> => {
    try {
      await call('startMachine', { params, body: {} });
    } catch (error) {
      if (!(error instanceof ServiceError) || error.report.code !== 'passphrase-needed') throw error;
      setAsking('unlock');
    }
  };
  const changeTemplate = async (): Promise<void> => {
    const end = machine.template === true;
    const changes = [end ? { path: ['template'] } : { path: ['template'], value: true }];
    await call('changeDefinition', { params, body: { changes } });
    toasts.show(end ? text.isNoTemplate(name) : text.isTemplate(name));
  };
  const erase = async (): Promise<void> => {
    await call('deleteMachine', { params });
    toasts.show(text.deleted(name), {
      label: text.undo,
      run: () => {
        // It may have been erased since.
        call('restoreMachine', { params }).catch((error: unknown) => toasts.show(reportOf(error).message));
      },
    });
  };
  const cutPower = async () =>
    followTask(connection, await call('stopMachine', { params, body: { force: true } }));
  const close = () => setAsking(null);

  const dialog = (): ReactNode => {
    switch (asking) {
      case 'cutPower':
        return (
          <Confirm
            title={text.cutPower.title(name)}
            label={common.actions.cutPower}
            destructive
            work={cutPower}
            onClose={close}
          >
            <p>{text.cutPower.text}</p>
          </Confirm>
        );
      case 'reset':
        return (
          <Confirm
            title={text.reset.title(name)}
            label={common.actions.reset}
            destructive
            work={() => call('resetMachine', { params })}
            onClose={close}
          >
            <p>{text.reset.text}</p>
          </Confirm>
        );
      case 'delete':
        return (
          <Suspense>
            <DeleteMachineDialog machine={machine} work={erase} onClose={close} />
          </Suspense>
        );
      case 'clone':
        return (
          <Suspense>
            <CloneDialog machine={machine} onClose={close} />
          </Suspense>
        );
      case 'unlock':
        return (
          <Suspense>
            <UnlockDialog machine={machine} onClose={close} />
          </Suspense>
        );
      case 'discardSaved':
        return (
          <Confirm
            title={text.discardSaved.title(name)}
            label={text.discardSaved.label}
            destructive
            work={() => call('discardSaved', { params })}
            onClose={close}
          >
            <p>{text.discardSaved.text}</p>
          </Confirm>
        );
      case 'rename':
        return <RenameDialog machine={machine} onClose={close} />;
      case null: {
        if (saving.task !== null) return <SavingDialog name={name} saving={saving} />;
        const failed = action.error === null ? saving : action;
        return failed.error === null ? null : (
          <FailureDialog
            name={name}
            error={failed.error}
            onCutPower={() => {
              failed.clear();
              setAsking('cutPower');
            }}
            onClose={failed.clear}
          />
        );
      }
    }
  };

  return {
    run(verb) {
      if (isQuestion(verb)) setAsking(verb);
      else if (verb === 'save') void saving.run(() => call('saveMachine', { params }));
      else void action.run(verb);
    },
    dialog: dialog(),
    busy: action.busy || saving.busy,
  };
}

const questions = ['cutPower', 'reset', 'discardSaved', 'clone', 'delete', 'rename'] as const;
type Question = (typeof questions)[number];

function isQuestion(verb: Doable): verb is Question {
  return questions.some((question) => question === verb);
}

/** The memory of a guest is written: seconds to minutes. */
function SavingDialog({ name, saving }: { name: string; saving: FollowedTask }) {
  const { machine: text, tasks } = useText();
  const { task } = saving;
  return (
    <Dialog
      title={text.saving(name)}
      locked
      onClose={() => undefined}
      footer={<Button label={tasks.abort} onClick={() => void saving.abort()} />}
    >
      {task !== null && <TaskProgress task={task} />}
    </Dialog>
  );
}

interface FailureProps {
  name: string;
  error: unknown;
  onCutPower(): void;
  onClose(): void;
}

function FailureDialog({ name, error, onCutPower, onClose }: FailureProps) {
  const { common, machine } = useText();
  const ignored = reportOf(error).code === 'guest-ignored-power-button';
  return (
    <Dialog
      title={name}
      onClose={onClose}
      footer={
        <>
          {ignored && <Button label={machine.cutPower.offer} kind="destructive" onClick={onCutPower} />}
          <Button label={common.close} onClick={onClose} />
        </>
      }
    >
      <ErrorNote error={error} />
    </Dialog>
  );
}
