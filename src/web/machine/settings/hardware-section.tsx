// SPDX-License-Identifier: Apache-2.0
import type { MachineDefinition } from '../../../contract/machine.ts';
import { Group, Row, SelectRow } from '../../parts/rows.tsx';
import { useText } from '../../text/language.ts';
import { useDraftContext } from './draft.ts';
import { AddRow, RemoveRow } from './entry-rows.tsx';
import { Expander } from './expander.tsx';
import { TextField } from './fields.tsx';
import { problemAt } from './problems.ts';

type Intent = MachineDefinition['devices'][number];
type Kind = 'address' | 'model' | 'usb';
const kinds: readonly Kind[] = ['address', 'model', 'usb'];

// What an intent begins with; the rest is for its owner to fill in.
const fresh: Record<Kind, Intent> = {
  address: { type: 'pci', address: '' },
  model: { type: 'pci', vendor: '' },
  usb: { type: 'usb', vendor: '', product: '' },
};

export function HardwareSection() {
  const { settings } = useText();
  const text = settings.hardware;
  const { devices } = useDraftContext().definition;
  return (
    <Group title={text.title} description={text.description}>
      {devices.length === 0 && <Row title={settings.none} />}
      {devices.map((_, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- an entry has no other name
        <DeviceEntry key={index} index={index} />
      ))}
      <AddRow label={text.add} path={['devices']} count={devices.length} entry={() => fresh.address} />
    </Group>
  );
}

function DeviceEntry({ index }: { index: number }) {
  const { settings } = useText();
  const text = settings.hardware;
  const { definition, saved, set, problems } = useDraftContext();
  const intent = definition.devices[index] as Intent;
  const path = ['devices', index] as const;
  const kind: Kind = intent.type === 'usb' ? 'usb' : 'address' in intent ? 'address' : 'model';
  return (
    <Expander
      title={text.device(index + 1)}
      subtitle={text.kind.choices[kind].label}
      icon="chip"
      wrong={problemAt(problems, path, true) !== null}
      fresh={index >= saved.devices.length}
    >
      <SelectRow
        title={text.kind.label}
        subtitle={text.kind.choices[kind].about}
        value={kind}
        options={kinds.map((value) => ({ value, label: text.kind.choices[value].label }))}
        onChange={(next) => set(path, fresh[next])}
      />
      {kind === 'address' && <TextField path={[...path, 'address']} words={text.address} mono />}
      {kind !== 'address' && <TextField path={[...path, 'vendor']} words={text.vendor} mono />}
      {kind === 'model' && <TextField path={[...path, 'device']} words={text.model} optional mono />}
      {kind === 'usb' && <TextField path={[...path, 'product']} words={text.product} mono />}
      <RemoveRow label={text.remove} what={text.device(index + 1)} path={path} />
    </Expander>
  );
}
