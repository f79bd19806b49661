// SPDX-License-Identifier: Apache-2.0
import type { Boot } from '../../../contract/machine.ts';
import { Group, SelectRow } from '../../parts/rows.tsx';
import { useText } from '../../text/language.ts';
import { useDraftContext } from './draft.ts';
import { ChoiceField, SwitchField, TextField, useField } from './fields.tsx';

type BootType = Boot['type'];
const clocks = ['auto', 'utc', 'local'] as const;
const types = ['uefi', 'bios', 'kernel', 'guest-kernel'] as const satisfies readonly BootType[];

export function FirmwareSection() {
  const { settings } = useText();
  const text = settings.firmware;
  const { definition, saved, set } = useDraftContext();
  const { boot } = definition;
  const { problem } = useField(['boot', 'type']);
  const clockField = useField(['clock']);
  const clock = definition.clock ?? 'auto';

  // The way back finds what was there; the rest is for its owner to fill in.
  const fresh = (type: BootType): Boot => {
    if (saved.boot.type === type) return saved.boot;
    if (type === 'uefi') return { type, secureBoot: false };
    return type === 'kernel' ? { type, kernel: '', commandLine: '' } : { type };
  };
  return (
    <Group title={text.title}>
      <SelectRow
        title={text.type.label}
        subtitle={text.type.choices[boot.type].about}
        value={boot.type}
        problem={problem}
        options={types.map((type) => ({ value: type, label: text.type.choices[type].label }))}
        onChange={(type) => set(['boot'], fresh(type))}
      />
      {boot.type === 'uefi' && <SwitchField path={['boot', 'secureBoot']} words={text.secureBoot} />}
      {boot.type === 'kernel' && (
        <>
          <TextField path={['boot', 'kernel']} words={text.kernel} mono />
          <TextField path={['boot', 'initrd']} words={text.initrd} optional mono />
          <TextField path={['boot', 'commandLine']} words={text.commandLine} mono />
        </>
      )}
      {boot.type === 'guest-kernel' && (
        <TextField path={['boot', 'commandLine']} words={text.guestCommandLine} optional mono />
      )}
      <ChoiceField path={['tpm']} words={text.tpm} />
      <SelectRow
        title={text.clock.label}
        subtitle={text.clock.choices[clock].about}
        value={clock}
        problem={clockField.problem}
        options={clocks.map((choice) => ({ value: choice, label: text.clock.choices[choice].label }))}
        onChange={(choice) => set(['clock'], choice === 'auto' ? undefined : choice)}
      />
    </Group>
  );
}
