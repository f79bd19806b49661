// SPDX-License-Identifier: Apache-2.0
import { Button, LinkButton } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Icon } from '../parts/icon.tsx';
import { StatusPage } from '../parts/status-page.tsx';
import { TaskProgress } from '../tasks/task-progress.tsx';
import { useText } from '../text/language.ts';
import type { Trial } from './use-trial.ts';

/** What a new user sees first. */
export function NoMachines({ trial, onTry }: { trial: Trial; onTry(): void }) {
  const { home, common } = useText();
  const { empty } = home;
  if (trial.error !== null)
    return (
      <div className="first-try">
        <ErrorNote error={trial.error} />
        <div className="button-row">
          <Button label={common.close} onClick={trial.clear} />
        </div>
      </div>
    );
  if (trial.began) {
    const { task } = trial.making;
    const title = trial.starting ? empty.starting : empty.making;
    return (
      <div className="first-try">
        <Icon name="machines" size={96} />
        <p className="making-title" role="status">
          {title}
        </p>
        <TaskProgress
          task={task ?? { what: title, step: '', fraction: null, bytes: null, secondsLeft: null }}
        />
        {task !== null && (
          <div className="button-row">
            <Button label={home.abort} onClick={() => void trial.making.abort()} />
          </div>
        )}
      </div>
    );
  }
  return (
    <StatusPage icon="machines" title={empty.title} text={empty.text}>
      <Button label={empty.tryTiny} kind="suggested" pill onClick={onTry} />
      <LinkButton label={home.newMachine} href="/new" pill />
    </StatusPage>
  );
}
