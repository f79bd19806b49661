// SPDX-License-Identifier: Apache-2.0
import { LinkButton } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Making as MakingView } from '../tasks/making.tsx';
import { useText } from '../text/language.ts';
import type { Making } from './use-create.ts';

/** From "Create" until the machine is shown. */
export function MakingMachine({ making, name }: { making: Making; name: string }) {
  const { create } = useText();
  if (making.madeId !== null && making.startError !== null)
    return (
      <div className="view">
        <p>{create.madeNotStarted}</p>
        <ErrorNote error={making.startError} />
        <div className="button-row">
          <LinkButton label={create.openIt} href={`/machines/${making.madeId}`} kind="suggested" />
        </div>
      </div>
    );
  const title = making.isStarting ? create.starting(name) : create.making(name);
  return <MakingView title={title} making={making.task} abortLabel={create.abort} />;
}
