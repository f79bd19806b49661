// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import type { NetworkDevice, NetworkStatus } from '../../../contract/network.ts';
import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Group, Row } from '../../parts/rows.tsx';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { useFormats } from '../../text/language.ts';
import { DeviceButtons } from './device-buttons.tsx';
import { useNetwork } from './queries.ts';
import { Signal } from './signal.tsx';
import { WifiGroup } from './wifi-group.tsx';
import { useNetworkWords } from './words.ts';
import './network.css';

/** How this PC is connected, and changing that. */
export function NetworkSection() {
  const words = useNetworkWords();
  const query = useNetwork();
  return (
    <>
      <Loaded query={query}>
        {(status) => (
          <>
            <Pending status={status} />
            <Group title={words.title} description={words.foundAs(status.hostName)}>
              <Row icon="network" title={words.internet[status.internet]} />
              {status.devices.map((device) => (
                <DeviceRow key={device.name} device={device} />
              ))}
            </Group>
            {status.wifi && <WifiGroup />}
          </>
        )}
      </Loaded>
    </>
  );
}

function DeviceRow({ device }: { device: NetworkDevice }) {
  const words = useNetworkWords();
  const formats = useFormats();
  const { name, kind, state, addresses, bridge, ports, speed, wifi } = device;
  const about = [
    wifi === null ? words.states[state] : `${words.states[state]}: ${wifi.name}`,
    ...(bridge === null ? [] : [words.portOf(bridge)]),
    ...(ports.length === 0 ? [] : [words.ports(ports.join(', '))]),
    ...addresses.filter((one) => !one.startsWith('fe80:')),
    ...(speed === null || state !== 'connected' ? [] : [words.speed(formats.number(speed))]),
  ];
  return (
    <Row
      icon={kind === 'bridge' ? 'link' : kind === 'wired' ? 'plug' : 'network'}
      title={
        <>
          {words.device(words.kinds[kind], name)} {wifi !== null && <Signal percent={wifi.signal} />}
        </>
      }
      subtitle={about.join(' · ')}
      end={<DeviceButtons device={device} />}
    />
  );
}

function Pending({ status: { pending } }: { status: NetworkStatus }) {
  const words = useNetworkWords();
  const formats = useFormats();
  const queries = useQueryClient();
  const settle = useAction(async (keep: boolean) => {
    queries.setQueryData(keys.network, await call(keep ? 'confirmNetwork' : 'revertNetwork'));
  });
  return (
    <>
      {pending !== null && (
        <div className="note warn network-pending" role="status">
          <Icon name="warning" />
          <p>{words.pending(formats.number(pending.secondsLeft))}</p>
          <Button label={words.undo} disabled={settle.busy} onClick={() => void settle.run(false)} />
          <Button
            label={words.keep}
            kind="suggested"
            disabled={settle.busy}
            onClick={() => void settle.run(true)}
          />
        </div>
      )}
      <ErrorNote error={settle.error} />
    </>
  );
}
