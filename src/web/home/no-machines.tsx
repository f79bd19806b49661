// SPDX-License-Identifier: Apache-2.0
import { Button, LinkButton } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { StatusPage } from '../parts/status-page.tsx';
import { Making } from '../tasks/making.tsx';
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
    const title = trial.starting ? empty.starting : empty.making;
    return <Making title={title} making={trial.making} abortLabel={home.abort} />;
  }
  return (
    <StatusPage icon="machines" title={empty.title} text={empty.text}>
      <Button label={empty.tryTiny} kind="suggested" pill onClick={onTry} />
      <LinkButton label={home.newMachine} href="/new" pill />
    </StatusPage>
  );
}
