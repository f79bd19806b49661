// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { AccessStatus, Session } from '../../contract/access.ts';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Group, Row } from '../parts/rows.tsx';
import { call } from '../service/api.ts';
import { useFormats } from '../text/language.ts';
import { useAccessText } from './words.ts';

export function SessionsGroup({ access: { sessions } }: { access: AccessStatus }) {
  const { sessions: text } = useAccessText();
  const [asking, setAsking] = useState(false);
  const action = useAction((session: string) => call('signOut', { body: { session } }));
  return (
    <>
      <Group title={text.group} description={text.about}>
        {sessions.length === 0 && <Row title={<span className="dim">{text.none}</span>} />}
        {sessions.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            busy={action.busy}
            onSignOut={() => void action.run(session.id)}
          />
        ))}
        {sessions.some(({ current }) => !current) && (
          <Row title={text.signOutOthers} onClick={() => setAsking(true)} />
        )}
      </Group>
      <ErrorNote error={action.error} />
      {asking && (
        <Confirm
          title={text.signOutTitle}
          label={text.signOut}
          destructive
          work={() => call('signOut', { body: { all: true } })}
          onClose={() => setAsking(false)}
        >
          <p>{text.signOutAbout}</p>
        </Confirm>
      )}
    </>
  );
}

interface SessionRowProps {
  session: Session;
  busy: boolean;
  onSignOut(): void;
}

function SessionRow({ session, busy, onSignOut }: SessionRowProps) {
  const { sessions: text } = useAccessText();
  const formats = useFormats();
  const name = session.name === '' ? text.unknown : session.name;
  const facts = [
    session.network ? text.from(session.from) : text.here,
    ...(session.current ? [] : [text.seen(formats.time(session.lastSeen))]),
    text.since(formats.time(session.since)),
    ...(session.locked ? [text.locked] : []),
  ];
  return (
    <Row
      icon={session.network ? 'network' : 'computer'}
      title={
        <>
          {name}
          {session.current && <span className="session-current">{text.current}</span>}
        </>
      }
      subtitle={<span title={formats.exactTime(session.lastSeen)}>{facts.join(' · ')}</span>}
      end={
        <Button
          label={text.signOut}
          aria-label={text.signOutOf(name)}
          kind="flat"
          disabled={busy}
          onClick={onSignOut}
        />
      }
    />
  );
}
