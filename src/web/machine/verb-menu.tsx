// SPDX-License-Identifier: Apache-2.0
import type { MachineSummary } from '../../contract/api.ts';
import { isAllowed, isLacking, type Verb } from './allowed.ts';
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
  save: 'save',
  discardSaved: 'close',
  clone: 'copy',
  template: 'lock',
  rename: 'edit',
  delete: 'bin',
};

/** Groups of verbs that belong together. */
export const verbGroups = {
  run: ['start', 'resume', 'pause', 'save', 'powerOff'],
  force: ['reset', 'cutPower', 'discardSaved'],
  copy: ['clone', 'template'],
  keep: ['rename', 'delete'],
} as const satisfies Record<string, readonly Doable[]>;

interface VerbMenuProps {
  label: string;
  machine: Pick<MachineSummary, 'state' | 'lacks' | 'template'>;
  groups: readonly (readonly Doable[])[];
  onSelect(verb: Doable): void;
  /** Nothing can be pressed */
  disabled?: boolean;
}

/** What can be done with a machine; what makes no sense now is not pressable. */
export function VerbMenu({ label, machine, groups, onSelect, disabled = false }: VerbMenuProps) {
  const { common, machine: words } = useText();
  const { actions, lacking } = common;
  const isTemplate = machine.template === true;
  const item = (verb: Doable): MenuItem => ({
    label: verb === 'template' && isTemplate ? actions.noTemplate : actions[verb],
    icon: icons[verb],
    destructive: verb === 'delete',
    disabled: disabled || !isAllowed(verb, machine.state.name),
    ...(isAllowed(verb, machine.state.name) && isLacking(verb, machine) && { reason: lacking }),
    ...(verb === 'start' && isTemplate && { reason: words.not.template }),
    onSelect: () => onSelect(verb),
  });
  return <Menu label={label} groups={groups.map((group) => group.map(item))} />;
}
