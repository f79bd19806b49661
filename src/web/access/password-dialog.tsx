// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { FieldRow } from '../parts/rows.tsx';
import { SecretRow } from '../parts/secret-row.tsx';
import { useToasts } from '../parts/toasts.tsx';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';
import { useText } from '../text/language.ts';
import { useAccessText } from './words.ts';

/** Sets the password, or another one for whoever knows the old one. */
export function PasswordDialog({ hasOld, onClose }: { hasOld: boolean; onClose(): void }) {
  const { common } = useText();
  const { dialog: text } = useAccessText();
  const toasts = useToasts();
  const queries = useQueryClient();
  const form = useId();
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const action = useAction(async () => {
    const body = { password: fresh, ...(hasOld && { oldPassword: old }) };
    queries.setQueryData(keys.access, await call('setPassword', { body }));
  });
  return (
    <Dialog
      title={hasOld ? text.changeTitle : text.setTitle}
      onClose={onClose}
      locked={action.busy}
      footer={
        <>
          <Button label={common.cancel} onClick={onClose} disabled={action.busy} />
          <Button
            label={text.save}
            kind="suggested"
            type="submit"
            form={form}
            disabled={action.busy || fresh === '' || (hasOld && old === '')}
          />
        </>
      }
    >
      <p>
        {text.about} {hasOld && text.changeAbout}
      </p>
      <form
        id={form}
        className="card list"
        onSubmit={(event) => {
          event.preventDefault();
          void action.run().then((done) => {
            if (!done) return;
            toasts.show(text.saved);
            onClose();
          });
        }}
      >
        {/* So that password managers know what it is for. */}
        <input type="text" name="username" value="phyllome" autoComplete="username" readOnly hidden />
        {hasOld && (
          <FieldRow title={text.old}>
            {(ids) => (
              <input
                {...ids}
                className="input"
                type="password"
                value={old}
                maxLength={1024}
                autoComplete="current-password"
                onChange={(event) => setOld(event.target.value)}
              />
            )}
          </FieldRow>
        )}
        <SecretRow title={text.fresh} value={fresh} words={text} onChange={setFresh} />
      </form>
      <ErrorNote error={action.error} />
    </Dialog>
  );
}
