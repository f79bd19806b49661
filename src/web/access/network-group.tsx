// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AccessStatus } from '../../contract/access.ts';
import { CopyButton } from '../machine/copy-button.tsx';
import { useAction } from '../parts/action.ts';
import { Confirm } from '../parts/dialog.tsx';
import { ErrorNote, ReportNote } from '../parts/error-note.tsx';
import { Group, Row, SwitchRow } from '../parts/rows.tsx';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';
import { useFormats } from '../text/language.ts';
import { useAccessText } from './words.ts';

export function NetworkGroup({ access }: { access: AccessStatus }) {
  const { network: text } = useAccessText();
  const formats = useFormats();
  const queries = useQueryClient();
  const [leaving, setLeaving] = useState(false);
  // The switch shows what was asked for while that is being done.
  const [wanted, setWanted] = useState(false);
  const { network, password, sessions } = access;
  const { certificate } = network;
  const turn = async (on: boolean): Promise<void> => {
    queries.setQueryData(keys.access, await call('setAccessNetwork', { body: { on } }));
  };
  const action = useAction(turn);
  const cameOverNetwork = sessions.some((session) => session.current && session.network);
  const about = network.listening
    ? text.onAbout(String(network.port))
    : password === null
      ? text.needsPassword
      : text.offAbout;
  return (
    <>
      <Group title={text.group} description={text.about}>
        <SwitchRow
          title={text.on}
          subtitle={about}
          value={action.busy ? wanted : network.on}
          disabled={action.busy || (password === null && !network.on)}
          onChange={(on) => {
            if (!on && cameOverNetwork) setLeaving(true);
            else {
              setWanted(on);
              void action.run(on);
            }
          }}
        />
        {network.listening &&
          network.addresses.map((address) => (
            <Row
              key={address}
              title={text.address}
              subtitle={<code className="breakable">{address}</code>}
              end={<CopyButton text={address} label={text.copyAddress(address)} />}
            />
          ))}
        {certificate !== null && (
          <>
            <Row
              title={text.certificate}
              subtitle={certificate.own ? text.certificateOwn : text.certificateOurs}
            />
            <Row
              title={text.fingerprint}
              subtitle={<code className="breakable">{certificate.fingerprint}</code>}
              end={<CopyButton text={certificate.fingerprint} label={text.copyFingerprint} />}
            />
            <Row title={text.until} subtitle={formats.exactTime(certificate.until)} />
          </>
        )}
      </Group>
      <ErrorNote error={action.error} />
      {network.problem !== null && <ReportNote report={network.problem} />}
      {leaving && (
        <Confirm
          title={text.turnOff}
          label={text.turnOffDo}
          destructive
          work={() => turn(false)}
          onClose={() => setLeaving(false)}
        >
          <p>{text.turnOffAbout}</p>
        </Confirm>
      )}
    </>
  );
}
