// SPDX-License-Identifier: Apache-2.0
import { LinkButton } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { useMachines } from '../service/queries.ts';
import { Making as MakingView } from '../tasks/making.tsx';
import { useText } from '../text/language.ts';
import { InstallingMachine } from './installing-machine.tsx';
import { useSetupText } from './setup/words.ts';
import type { Making } from './use-create.ts';

/** From "Create" until the machine is shown. */
export function MakingMachine({ making, name }: { making: Making; name: string }) {
  const { create } = useText();
  const { installing } = useSetupText();
  const { task } = making.task;
  // While it is made nobody sees it; once it is there, a system is being installed into it.
  const machine = useMachines().data?.find(({ id }) => id === task?.machineId);
  if (making.madeId !== null && making.startError !== null)
    return (
      <div className="view">
        <p>{making.isInstallError ? installing.failed : create.madeNotStarted}</p>
        <ErrorNote error={making.startError} />
        <div className="button-row">
          <LinkButton label={create.openIt} href={`/machines/${making.madeId}`} kind="suggested" />
        </div>
      </div>
    );
  if (task !== null && machine !== undefined) return <InstallingMachine machine={machine} task={task} />;
  const title = making.isStarting ? create.starting(name) : create.making(name);
  return <MakingView title={title} making={making.task} abortLabel={create.abort} />;
}
