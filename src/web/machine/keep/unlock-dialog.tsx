// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'react';
import type { MachineSummary } from '../../../contract/api.ts';
import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { call } from '../../service/api.ts';
import { useText } from '../../text/language.ts';
import { PassphraseField } from './passphrase-field.tsx';
import { useKeepText } from './words.ts';
import './keep.css';

interface UnlockDialogProps {
  machine: Pick<MachineSummary, 'id' | 'name'>;
  onClose(): void;
}

/** Asks for the passphrase of encrypted disks, and starts the machine with it. */
export default function UnlockDialog({ machine, onClose }: UnlockDialogProps) {
  const { common } = useText();
  const { start: text, passphrase: words } = useKeepText();
  const form = useId();
  const [passphrase, setPassphrase] = useState('');
  const start = useAction(() => call('startMachine', { params: { ref: machine.id }, body: { passphrase } }));
  return (
    <Dialog
      title={text.title(machine.name)}
      locked={start.busy}
      onClose={onClose}
      footer={
        <>
          <Button label={common.cancel} disabled={start.busy} onClick={onClose} />
          <Button
            label={text.label}
            kind="suggested"
            type="submit"
            form={form}
            disabled={start.busy || passphrase === ''}
          />
        </>
      }
    >
      <form
        id={form}
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void start.run().then((done) => {
            if (done) onClose();
          });
        }}
      >
        <p>{text.text}</p>
        <PassphraseField label={words.label} value={passphrase} onChange={setPassphrase} />
      </form>
      <ErrorNote error={start.error} />
    </Dialog>
  );
}
