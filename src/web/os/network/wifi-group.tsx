// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { WifiNetwork } from '../../../contract/network.ts';
import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Group, Row } from '../../parts/rows.tsx';
import { SecretRow } from '../../parts/secret-row.tsx';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { useFormats } from '../../text/language.ts';
import { ChangeDialog } from './change-dialog.tsx';
import { useWifi } from './queries.ts';
import { Signal } from './signal.tsx';
import { useNetworkWords } from './words.ts';

const cannotBeJoined = new Set<WifiNetwork['security']>(['wep', 'enterprise']);
const wantsPassphrase = ({ security, known }: WifiNetwork): boolean =>
  known === null && (security === 'wpa' || security === 'sae');

/** Networks in reach, and joining one. */
export function WifiGroup() {
  const words = useNetworkWords();
  const queries = useQueryClient();
  const query = useWifi(true);
  const scan = useAction(async () => queries.setQueryData(keys.wifi, await call('scanWifi')));
  const forget = useAction(async (id: string) => {
    queries.setQueryData(keys.network, await call('forgetNetwork', { params: { id } }));
    await queries.invalidateQueries({ queryKey: keys.wifi });
  });
  const [joining, setJoining] = useState<WifiNetwork | null>(null);
  const networks = query.data ?? [];
  return (
    <>
      <Group
        title={words.wifi}
        end={<Button label={words.scan} disabled={scan.busy} onClick={() => void scan.run()} />}
      >
        {networks.length === 0 && <Row title={words.noneHeard} />}
        {networks.map((one) => (
          <WifiRow
            key={`${one.ssid} ${one.security}`}
            network={one}
            onJoin={() => setJoining(one)}
            onForget={(id) => void forget.run(id)}
          />
        ))}
      </Group>
      <ErrorNote error={scan.error ?? forget.error ?? query.error} />
      {joining !== null && <JoinDialog network={joining} onClose={() => setJoining(null)} />}
    </>
  );
}

function WifiRow({
  network,
  onJoin,
  onForget,
}: {
  network: WifiNetwork;
  onJoin(): void;
  onForget(id: string): void;
}) {
  const words = useNetworkWords();
  const formats = useFormats();
  const { name, signal, security, connected, known } = network;
  const about = [
    ...(connected ? [words.joined] : known === null ? [] : [words.known]),
    words.security[security],
    words.signal(formats.number(signal)),
  ];
  return (
    <Row
      title={
        <>
          <Signal percent={signal} /> {name}
        </>
      }
      subtitle={about.join(' · ')}
      end={
        <>
          {known !== null && (
            <Button
              label={words.forget}
              aria-label={words.forgetNamed(name)}
              onClick={() => onForget(known)}
            />
          )}
          {!connected && !cannotBeJoined.has(security) && (
            <Button label={words.join} aria-label={words.joinNamed(name)} onClick={onJoin} />
          )}
        </>
      }
    />
  );
}

function JoinDialog({ network, onClose }: { network: WifiNetwork; onClose(): void }) {
  const words = useNetworkWords();
  const [passphrase, setPassphrase] = useState('');
  const asks = wantsPassphrase(network);
  return (
    <ChangeDialog
      title={words.joinNamed(network.name)}
      label={words.join}
      onTrial={false}
      onClose={onClose}
      begin={() =>
        call('connectWifi', {
          body: { ssid: network.ssid, hidden: false, ...(asks && passphrase !== '' && { passphrase }) },
        })
      }
    >
      <p>{words.security[network.security]}</p>
      {asks && (
        <div className="card list">
          <SecretRow
            title={words.passphrase}
            value={passphrase}
            words={{ show: words.show, hide: words.hide }}
            onChange={setPassphrase}
          />
        </div>
      )}
    </ChangeDialog>
  );
}
