// SPDX-License-Identifier: Apache-2.0
import type { MachineSummary } from '../../contract/api.ts';
import { CardPicture } from '../home/card-picture.tsx';
import type { ThumbnailFeed } from '../home/thumbnail-feed.ts';
import { useKioskText } from '../kiosk/words.ts';
import { isAllowed } from '../machine/allowed.ts';
import { useVerbs } from '../machine/use-verbs.tsx';
import { Button } from '../parts/button.tsx';
import { StatePill } from '../parts/state-pill.tsx';
import { useText } from '../text/language.ts';

interface RemoteMachineProps {
  machine: MachineSummary;
  feed: ThumbnailFeed;
  /** It has the screen */
  shown: boolean;
  busy: boolean;
  onShow(): void;
}

/** One machine that could have the screen. Its buttons say its name to those who do not see which card they are on. */
export function RemoteMachine({ machine, feed, shown, busy, onShow }: RemoteMachineProps) {
  const text = useKioskText();
  const { actions } = useText().common;
  const verbs = useVerbs(machine);
  const { name, state } = machine;
  const starts = isAllowed('start', state.name);
  const label = shown ? text.shown : starts ? text.startMachine : text.showMachine;
  return (
    <li className="card remote-machine" data-state={state.name}>
      <CardPicture machine={machine} height={150} feed={feed} />
      <div className="remote-title">
        <h3 className="ellipsis">
          <bdi>{name}</bdi>
        </h3>
        <StatePill state={state.name} />
      </div>
      <div className="remote-buttons">
        <Button
          label={label}
          icon={shown ? 'check' : 'screen'}
          kind={shown ? 'flat' : 'normal'}
          aria-label={`${label}: ${name}`}
          disabled={busy || shown || state.name === 'broken'}
          onClick={onShow}
        />
        {isAllowed('resume', state.name) && (
          <Button
            label={actions.resume}
            icon="play"
            aria-label={`${actions.resume}: ${name}`}
            onClick={() => verbs.run('resume')}
          />
        )}
        {isAllowed('save', state.name) && (
          <Button
            label={actions.save}
            icon="save"
            aria-label={`${actions.save}: ${name}`}
            disabled={verbs.busy}
            onClick={() => verbs.run('save')}
          />
        )}
        {isAllowed('powerOff', state.name) && (
          <Button
            label={actions.powerOff}
            icon="power"
            aria-label={`${actions.powerOff}: ${name}`}
            disabled={verbs.busy}
            onClick={() => verbs.run('powerOff')}
          />
        )}
      </div>
      {verbs.dialog}
    </li>
  );
}
