// SPDX-License-Identifier: Apache-2.0
import type { StateName } from '../../contract/state.ts';
import { useText } from '../text/language.ts';
import { Icon, type IconName } from './icon.tsx';

const looks: Record<StateName, { className: string; icon: IconName }> = {
  stopped: { className: 'pill', icon: 'power' },
  starting: { className: 'pill accent', icon: 'play' },
  running: { className: 'pill good', icon: 'play' },
  paused: { className: 'pill warn', icon: 'pause' },
  stopping: { className: 'pill accent', icon: 'power' },
  saved: { className: 'pill', icon: 'pause' },
  crashed: { className: 'pill bad', icon: 'error' },
  broken: { className: 'pill bad', icon: 'warning' },
};

/** The state of a machine as a word, a drawing and a colour. */
export function StatePill({ state, template }: { state: StateName; template?: boolean | undefined }) {
  const { states, templateMark } = useText().common;
  // A template never runs: that it is off goes without saying.
  if (template === true && state === 'stopped')
    return (
      <span className="pill">
        <Icon name="lock" size={11} />
        {templateMark}
      </span>
    );
  const { className, icon } = looks[state];
  return (
    <span className={className}>
      <Icon name={icon} size={11} />
      {states[state]}
    </span>
  );
}
