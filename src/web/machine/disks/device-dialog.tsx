// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import type { BlockDevice } from '../../../contract/disk.ts';
import { ChoiceRow } from '../../parts/choice-row.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { TaskDialog } from '../../tasks/task-dialog.tsx';
import { useFormats } from '../../text/language.ts';
import { outcomeOf } from './outcome.tsx';
import { useDiskText } from './words.ts';

/** A whole device for a machine, behind typing what it is called: nobody overwrites a drive by a slip. */
export default function DeviceDialog({ machine, onClose }: { machine: Machine; onClose(): void }) {
  const { addDevice: text } = useDiskText();
  const field = useId();
  const [device, setDevice] = useState<BlockDevice | null>(null);
  const [typed, setTyped] = useState('');
  const query = useQuery({
    queryKey: keys.blockDevices,
    queryFn: ({ signal }) => call('listBlockDevices', { signal }),
    // Drives come and go without an event.
    staleTime: 0,
    gcTime: 0,
  });
  const isProven = device !== null && typed.trim() === device.identity;
  const problem = typed !== '' && !isProven ? text.wrong : null;
  const begin = () =>
    call('addDisk', {
      params: { ref: machine.id },
      body: { device: device?.file ?? '', identity: typed.trim(), format: 'raw' },
    });
  return (
    <TaskDialog
      title={text.title}
      label={text.label}
      destructive
      reason={isProven ? null : device === null ? text.choose : text.proof(device.identity)}
      begin={begin}
      result={outcomeOf}
      onClose={onClose}
    >
      <div className="note warn">
        <Icon name="warning" />
        <p>{text.warning}</p>
      </div>
      <Loaded query={query}>
        {(devices) =>
          devices.length === 0 ? (
            <p className="dim">{text.none}</p>
          ) : (
            <Devices devices={devices} chosen={device} onChoose={setDevice} />
          )
        }
      </Loaded>
      {device !== null && (
        <div className="field">
          <label htmlFor={field}>{text.proof(device.identity)}</label>
          <input
            id={field}
            className="input mono"
            value={typed}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={problem !== null}
            aria-describedby={`${field}-problem`}
            onChange={(event) => setTyped(event.target.value)}
          />
          <p id={`${field}-problem`} className="field-problem">
            {problem}
          </p>
        </div>
      )}
    </TaskDialog>
  );
}

interface DevicesProps {
  devices: readonly BlockDevice[];
  chosen: BlockDevice | null;
  onChoose(device: BlockDevice): void;
}

function Devices({ devices, chosen, onChoose }: DevicesProps) {
  const { addDevice: text } = useDiskText();
  const formats = useFormats();
  const name = useId();
  return (
    <fieldset className="card list">
      <legend className="visually-hidden">{text.devices}</legend>
      {devices.map((device) => (
        <ChoiceRow
          key={device.file}
          name={name}
          icon="disk"
          title={`${device.name} · ${formats.bytes(device.size)}`}
          subtitle={[device.model, device.reason].filter((words) => words !== '').join(' · ')}
          checked={device.file === chosen?.file}
          disabled={device.reason !== ''}
          onChoose={() => onChoose(device)}
        />
      ))}
    </fieldset>
  );
}
