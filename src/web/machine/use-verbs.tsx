// SPDX-License-Identifier: Apache-2.0
import { useState, type ReactNode } from 'react';
import type { MachineSummary } from '../../contract/api.ts';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { Confirm, Dialog } from '../parts/dialog.tsx';
import { ErrorNote, reportOf } from '../parts/error-note.tsx';
import { useToasts } from '../parts/toasts.tsx';
import { call } from '../service/api.ts';
import { useConnection } from '../service/context.ts';
import { followTask } from '../service/follow-task.ts';
import { useText } from '../text/language.ts';
import type { Verb } from './allowed.ts';
import { RenameDialog } from './rename-dialog.tsx';

type Doable = Exclude<Verb, 'look'>;

export interface Verbs {
  /** Does it, after asking where something can be lost */
  run(verb: Doable): void;
  /** The question or the failure; render it somewhere */
  dialog: ReactNode;
  busy: boolean;
}

/** What people can do with a machine, from its card and from its own view. */
export function useVerbs(machine: Pick<MachineSummary, 'id' | 'name'>): Verbs {
  const connection = useConnection();
  const toasts = useToasts();
  const { machine: text, common } = useText();
  const [asking, setAsking] = useState<'cutPower' | 'reset' | 'delete' | 'rename' | null>(null);
  const { id: ref, name } = machine;
  const params = { ref };

  const action = useAction(async (verb: 'start' | 'powerOff' | 'pause' | 'resume') => {
    if (verb === 'start') await call('startMachine', { params, body: {} });
    else if (verb === 'pause') await call('pauseMachine', { params });
    else if (verb === 'resume') await call('resumeMachine', { params });
    else await followTask(connection, await call('stopMachine', { params, body: {} }));
  });

  const erase = async (): Promise<void> => {
    await call('deleteMachine', { params });
    toasts.show(text.deleted(name), {
      label: text.undo,
      run: () => void call('restoreMachine', { params }),
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
          <Confirm
            title={text.delete.title(name)}
            label={common.actions.delete}
            destructive
            work={erase}
            onClose={close}
          >
            <p>{text.delete.text}</p>
          </Confirm>
        );
      case 'rename':
        return <RenameDialog machine={machine} onClose={close} />;
      case null:
        return action.error === null ? null : (
          <FailureDialog
            name={name}
            error={action.error}
            onCutPower={() => {
              action.clear();
              setAsking('cutPower');
            }}
            onClose={action.clear}
          />
        );
    }
  };

  return {
    run(verb) {
      if (verb === 'cutPower' || verb === 'reset' || verb === 'delete' || verb === 'rename') setAsking(verb);
      else void action.run(verb);
    },
    dialog: dialog(),
    busy: action.busy,
  };
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
