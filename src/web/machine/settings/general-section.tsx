// SPDX-License-Identifier: Apache-2.0
import type { Machine } from '../../../contract/api.ts';
import { Group, Row, SwitchRow } from '../../parts/rows.tsx';
import { useText } from '../../text/language.ts';
import { useDraftContext } from './draft.ts';
import { NumberField, TextField } from './fields.tsx';
import { ArchitectureField } from './architecture-field.tsx';

// What docs/machine-definition.md calls the default order.
const defaultOrder = 100;

export function GeneralSection({ machine }: { machine: Machine }) {
  const { settings } = useText();
  const text = settings.general;
  const { definition, set } = useDraftContext();
  const { autostart } = definition;
  return (
    <Group title={text.title}>
      <TextField path={['name']} words={text.name} />
      <TextField path={['guestOs']} words={text.guestOs} />
      <ArchitectureField />
      <SwitchRow
        title={text.autostart.label}
        subtitle={text.autostart.about}
        value={autostart !== undefined}
        onChange={(on) => set(['autostart'], on ? { order: defaultOrder } : undefined)}
      />
      {autostart !== undefined && <NumberField path={['autostart', 'order']} words={text.order} />}
      <Row title={text.id.label} subtitle={text.id.about} end={<code className="long">{machine.id}</code>} />
      <Row title={text.folder} end={<code className="long">{machine.directory}</code>} />
    </Group>
  );
}
