// SPDX-License-Identifier: Apache-2.0
import { SelectRow } from '../../parts/rows.tsx';
import { useText } from '../../text/language.ts';
import { useField } from './fields.tsx';
import { boundsAt } from './schema-at.ts';

export function ArchitectureField() {
  const { settings } = useText();
  const { label, about } = settings.general.architecture;
  const { value, set, problem } = useField(['architecture']);
  return (
    <SelectRow
      title={label}
      subtitle={about}
      value={String(value)}
      problem={problem}
      options={boundsAt(['architecture']).choices.map((name) => ({ value: name, label: name }))}
      onChange={set}
    />
  );
}
