// SPDX-License-Identifier: Apache-2.0
import type { Favourite } from '../../contract/favourite.ts';
import { Button, LinkButton } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { useAction } from '../parts/action.ts';
import { call } from '../service/api.ts';
import { useErrorWords } from '../text/error-words.ts';
import { useText } from '../text/language.ts';
import { Clock } from './clock.tsx';
import { useKioskText } from './words.ts';

interface KioskBarProps {
  favourite: Favourite;
  onShow(id: string): void;
  onLock(): void;
}

/** On top of the host's page, on the screen of this PC: the way to the favourite, and why it is not shown. */
export function KioskBar({ favourite: { machine, problem, hostKey }, onShow, onLock }: KioskBarProps) {
  const { title, nav, hostKeys } = useKioskText();
  return (
    <aside className="kiosk-top" aria-label={title}>
      <div className="kiosk-bar">
        <Clock />
        {machine !== null && (
          <Button
            label={nav.show(machine.name)}
            icon="screen"
            kind="flat"
            title={hostKeys[hostKey]}
            onClick={() => onShow(machine.id)}
          />
        )}
        <Button label={nav.lock} icon="lock" kind="flat" iconOnly onClick={onLock} />
      </div>
      {problem !== null && <Problem problem={problem} onAgain={() => onShow(problem.machine.id)} />}
    </aside>
  );
}

interface ProblemProps {
  problem: NonNullable<Favourite['problem']>;
  onAgain(): void;
}

function Problem({ problem: { machine, error }, onAgain }: ProblemProps) {
  const { problem: words } = useKioskText();
  const { actions } = useText().common;
  const { message, hint } = useErrorWords(error);
  const dismiss = useAction(() => call('showOnScreen', { body: { show: 'host' } }));
  return (
    <div className="banner warn kiosk-problem" role="alert">
      <Icon name="warning" />
      <div>
        <p>{words.title(machine.name)}</p>
        <p className="small">
          {message} {hint}
        </p>
      </div>
      <div className="button-row">
        <Button label={words.again} onClick={onAgain} />
        <LinkButton label={actions.open} href={`/machines/${machine.id}`} />
        <Button label={words.dismiss} kind="flat" onClick={() => void dismiss.run()} />
      </div>
    </div>
  );
}
