// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { AccessStatus } from '../../contract/access.ts';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Group, Row } from '../parts/rows.tsx';
import { call } from '../service/api.ts';
import { useFormats } from '../text/language.ts';
import { PasswordDialog } from './password-dialog.tsx';
import { useAccessText } from './words.ts';

export function PasswordGroup({ access }: { access: AccessStatus }) {
  const { password: text } = useAccessText();
  const formats = useFormats();
  const [asking, setAsking] = useState(false);
  const lock = useAction(() => call('lockSession', { body: {} }));
  const { password } = access;
  return (
    <>
      <Group title={text.group} description={text.about}>
        <Row
          icon="shield"
          title={text.set}
          subtitle={password === null ? text.none : text.setAt(formats.time(password.setAt))}
          end={
            <Button
              label={password === null ? text.choose : text.change}
              kind={password === null ? 'suggested' : 'normal'}
              onClick={() => setAsking(true)}
            />
          }
        />
        {password !== null && access.sessions.some(({ current }) => current) && (
          <Row
            icon="lock"
            title={text.lock}
            subtitle={text.lockAbout}
            end={<Button label={text.lockNow} disabled={lock.busy} onClick={() => void lock.run()} />}
          />
        )}
      </Group>
      <ErrorNote error={lock.error} />
      {asking && <PasswordDialog hasOld={password !== null} onClose={() => setAsking(false)} />}
    </>
  );
}
