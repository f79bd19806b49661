// SPDX-License-Identifier: Apache-2.0
import { Nic } from '../../../contract/machine.ts';
import { completeValue } from '../../../contract/validate.ts';
import { Group, Row, SelectRow } from '../../parts/rows.tsx';
import { useText } from '../../text/language.ts';
import { useDraftContext } from './draft.ts';
import { AddRow, RemoveRow } from './entry-rows.tsx';
import { Expander } from './expander.tsx';
import { ChoiceField, NumberField, TextField } from './fields.tsx';
import { ForwardsTable } from './forwards-table.tsx';
import { problemAt } from './problems.ts';

type NicType = Nic['type'];
const types = ['user', 'bridge', 'none'] as const satisfies readonly NicType[];

const newCard = () => completeValue(Nic, { type: 'user' }).value;

export function NetworkSection() {
  const { settings } = useText();
  const text = settings.network;
  const { nics } = useDraftContext().definition;
  return (
    <Group title={text.title}>
      {nics.length === 0 && <Row title={settings.none} />}
      {nics.map((_, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- an entry has no other name
        <NicEntry key={index} index={index} />
      ))}
      <AddRow label={text.add} path={['nics']} count={nics.length} entry={newCard} />
    </Group>
  );
}

function NicEntry({ index }: { index: number }) {
  const { settings } = useText();
  const text = settings.network;
  const { definition, saved, set, problems } = useDraftContext();
  const nic = definition.nics[index] as Nic;
  const path = ['nics', index] as const;
  const { label, about } = text.type.choices[nic.type];
  const changeType = (type: NicType): void => {
    // The card stays the same to the guest; only what it is plugged into is another.
    const { model, mac, bootIndex } = nic;
    const before = saved.nics[index];
    const card = { model, ...(mac !== undefined && { mac }), ...(bootIndex !== undefined && { bootIndex }) };
    if (type === 'user')
      set(path, { type, ...card, forwards: before?.type === 'user' ? before.forwards : [] });
    else if (type === 'bridge')
      set(path, { type, ...card, bridge: before?.type === 'bridge' ? before.bridge : 'br0' });
    else set(path, { type, ...card });
  };
  return (
    <Expander
      title={text.card(index + 1)}
      subtitle={label}
      icon="network"
      wrong={problemAt(problems, path, true) !== null}
      fresh={index >= saved.nics.length}
    >
      <SelectRow
        title={text.type.label}
        subtitle={about}
        value={nic.type}
        options={types.map((type) => ({ value: type, label: text.type.choices[type].label }))}
        onChange={changeType}
      />
      {nic.type === 'bridge' && <TextField path={[...path, 'bridge']} words={text.bridge} />}
      <ChoiceField path={[...path, 'model']} words={text.model} />
      <TextField path={[...path, 'mac']} words={text.mac} optional mono />
      <NumberField path={[...path, 'bootIndex']} words={settings.disks.boot} optional />
      {nic.type === 'user' && <ForwardsTable path={[...path, 'forwards']} forwards={nic.forwards} />}
      <RemoveRow label={text.remove} what={text.card(index + 1)} path={path} />
    </Expander>
  );
}
