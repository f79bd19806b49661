// SPDX-License-Identifier: Apache-2.0
import type { Body, MachineSummary } from '../../contract/api.ts';
import { hostKeys, type Favourite } from '../../contract/favourite.ts';
import { useKioskText } from '../kiosk/words.ts';
import { useAction } from '../parts/action.ts';
import { ErrorNote } from '../parts/error-note.tsx';
import { Group, SelectRow, SwitchRow } from '../parts/rows.tsx';
import { call } from '../service/api.ts';
import { useFormats } from '../text/language.ts';

interface FavouriteGroupProps {
  favourite: Favourite;
  machines: readonly MachineSummary[];
}

// What most people want; any other number stands in the list once it was set from the command line.
const times = [5, 15, 30, 60] as const;

const minutesOf = (value: string): number | null => (value === 'never' ? null : Number(value));

/** Which machine comes up with this PC, and how its screen behaves. Each change takes effect at once. */
export function FavouriteGroup({ favourite, machines }: FavouriteGroupProps) {
  const { favourite: text, hostKeys: keyNames } = useKioskText();
  const { number, compare } = useFormats();
  const change = useAction((body: Body<'setFavourite'>) => call('setFavourite', { body }));
  const { machine, autostart, fullscreen, hostKey } = favourite;
  const disabled = change.busy;
  const after = (current: number | null) => [
    { value: 'never', label: text.never },
    ...[...new Set([...times, ...(current === null ? [] : [current])])]
      .toSorted((a, b) => a - b)
      .map((minutes) => ({ value: String(minutes), label: text.after(number(minutes)) })),
  ];
  return (
    <div>
      <Group title={text.title} description={text.about}>
        <SelectRow
          title={text.machine}
          value={machine?.id ?? ''}
          disabled={disabled}
          options={[
            { value: '', label: text.nobody },
            ...machines
              .filter(({ template }) => template !== true)
              .toSorted((a, b) => compare(a.name, b.name))
              .map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(id) => void change.run({ machine: id === '' ? null : id })}
        />
        <SwitchRow
          title={text.autostart}
          value={autostart}
          disabled={disabled || machine === null}
          onChange={(value) => void change.run({ autostart: value })}
        />
        <SwitchRow
          title={text.fullscreen}
          subtitle={text.fullscreenAbout}
          value={fullscreen}
          disabled={disabled || machine === null}
          onChange={(value) => void change.run({ fullscreen: value })}
        />
        <SelectRow
          title={text.hostKey}
          subtitle={text.hostKeyAbout}
          value={hostKey}
          disabled={disabled}
          options={hostKeys.map((value) => ({ value, label: keyNames[value] }))}
          onChange={(value) => void change.run({ hostKey: value })}
        />
        <SelectRow
          title={text.blank}
          subtitle={text.nextTime}
          value={favourite.blankMinutes === null ? 'never' : String(favourite.blankMinutes)}
          disabled={disabled}
          options={after(favourite.blankMinutes)}
          onChange={(value) => void change.run({ blankMinutes: minutesOf(value) })}
        />
        <SelectRow
          title={text.lock}
          value={favourite.lockMinutes === null ? 'never' : String(favourite.lockMinutes)}
          disabled={disabled}
          options={after(favourite.lockMinutes)}
          onChange={(value) => void change.run({ lockMinutes: minutesOf(value) })}
        />
      </Group>
      <ErrorNote error={change.error} />
    </div>
  );
}
