// SPDX-License-Identifier: Apache-2.0
//
// The devices of which a machine has one or none.
import { Group, SwitchRow } from '../../parts/rows.tsx';
import { useText } from '../../text/language.ts';
import { useDraftContext } from './draft.ts';
import { ChoiceField, NumberField, SwitchField } from './fields.tsx';
import { boundsAt } from './schema-at.ts';

export function DeskSection() {
  const text = useText().settings.desk;
  const { display } = useDraftContext().definition;
  return (
    <Group title={text.title}>
      <ChoiceField path={['display', 'type']} words={text.display} />
      {display.type !== 'none' && <ChoiceField path={['display', 'device']} words={text.device} />}
      <ChoiceField path={['sound']} words={text.sound} />
      <ChoiceField path={['input']} words={text.input} />
      <SwitchField path={['clipboard']} words={text.clipboard} />
    </Group>
  );
}

export function ChannelsSection() {
  const text = useText().settings.channels;
  const { definition, set } = useDraftContext();
  const { vsock } = definition;
  return (
    <Group title={text.title}>
      <SwitchRow
        title={text.serialPort.label}
        subtitle={text.serialPort.about}
        value={definition.serialPorts === 1}
        onChange={(on) => set(['serialPorts'], on ? 1 : 0)}
      />
      <SwitchField path={['agent']} words={text.agent} />
      <SwitchField path={['rng']} words={text.rng} />
      <SwitchField path={['balloon']} words={text.balloon} />
      <SwitchRow
        title={text.vsock.label}
        subtitle={text.vsock.about}
        value={vsock !== undefined}
        onChange={(on) => set(['vsock'], on ? { cid: boundsAt(['vsock', 'cid']).minimum } : undefined)}
      />
      {vsock !== undefined && <NumberField path={['vsock', 'cid']} words={text.cid} />}
    </Group>
  );
}
