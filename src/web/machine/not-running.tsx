// SPDX-License-Identifier: Apache-2.0
import type { Machine } from '../../contract/api.ts';
import { Button, LinkButton } from '../parts/button.tsx';
import { StatusPage } from '../parts/status-page.tsx';
import { useText } from '../text/language.ts';
import { isAllowed } from './allowed.ts';

/** In place of a screen or console that is not there: why, and what can be done. */
export function NotRunning({ machine, onStart }: { machine: Machine; onStart(): void }) {
  const { machine: text, common } = useText();
  const { id, state } = machine;
  const title = common.states[state.name];
  // A template never starts; the button above makes a machine of it.
  const start = isAllowed('start', state.name) && machine.template !== true && (
    <Button
      label={state.name === 'saved' ? common.actions.resume : common.actions.start}
      icon="play"
      kind="suggested"
      pill
      onClick={onStart}
    />
  );
  switch (state.name) {
    case 'crashed':
      return (
        <StatusPage icon="error" title={title} text={state.reason}>
          {start}
          <LinkButton label={text.showLog} href={`/machines/${id}/log`} pill />
        </StatusPage>
      );
    case 'broken':
      return (
        <StatusPage icon="warning" title={title} text={state.problems.join(' ')}>
          <LinkButton label={text.showSettings} href={`/machines/${id}/settings`} pill />
        </StatusPage>
      );
    case 'starting':
      return <StatusPage icon="play" title={title} text={text.starting} />;
    case 'saved':
      return (
        <StatusPage icon="pause" title={title} text={text.saved}>
          {start}
        </StatusPage>
      );
    case 'stopped':
    case 'running':
    case 'paused':
    case 'stopping':
      if (machine.template === true)
        return <StatusPage icon="lock" title={common.templateMark} text={text.template} />;
      return (
        <StatusPage icon="power" title={title} text={text.off}>
          {start}
        </StatusPage>
      );
  }
}
