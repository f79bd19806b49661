// SPDX-License-Identifier: Apache-2.0
import type { MachineSummary } from '../../contract/api.ts';
import { isAllowed, type Verb } from '../machine/allowed.ts';
import type { Verbs } from '../machine/use-verbs.tsx';
import type { IconName } from '../parts/icon.tsx';
import { Menu, type MenuItem } from '../parts/menu.tsx';
import { useText } from '../text/language.ts';

type Doable = Exclude<Verb, 'look'>;

const icons: Record<Doable, IconName> = {
  start: 'play',
  resume: 'play',
  pause: 'pause',
  powerOff: 'power',
  reset: 'reset',
  cutPower: 'plug',
  rename: 'edit',
  delete: 'bin',
};
const groups: readonly (readonly Doable[])[] = [
  ['start', 'resume', 'pause', 'powerOff'],
  ['reset', 'cutPower'],
  ['rename', 'delete'],
];

/** Everything that can be done with a machine; what makes no sense now is not pressable. */
export function CardMenu({ machine, verbs }: { machine: MachineSummary; verbs: Verbs }) {
  const { home, common } = useText();
  const { name } = machine.state;
  const item = (verb: Doable): MenuItem => ({
    label: common.actions[verb],
    icon: icons[verb],
    destructive: verb === 'delete',
    disabled: verbs.busy || !isAllowed(verb, name),
    onSelect: () => verbs.run(verb),
  });
  return <Menu label={home.menu(machine.name)} groups={groups.map((group) => group.map(item))} />;
}
