// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { MachineSummary } from '../../../contract/api.ts';
import type { KeyHolder } from '../../../contract/encryption.ts';
import { SelectRow } from '../../parts/rows.tsx';
import { call } from '../../service/api.ts';
import { TaskDialog } from '../../tasks/task-dialog.tsx';
import { PassphraseField } from './passphrase-field.tsx';
import { useKeepText } from './words.ts';
import './keep.css';

interface EncryptionDialogProps {
  machine: Pick<MachineSummary, 'id' | 'name'>;
  onClose(): void;
}

const holders: readonly KeyHolder[] = ['passphrase', 'keyring', 'tpm'];
// The service has the last word (`passphrase-weak`).
const shortest = 8;

/** A new passphrase, typed twice: a slip would lose everything. */
export function EncryptDialog({ machine, onClose }: EncryptionDialogProps) {
  const { encryption: text, passphrase: words } = useKeepText();
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [key, setKey] = useState<KeyHolder>('passphrase');
  const isShort = passphrase.length < shortest;
  const differs = again !== passphrase;
  return (
    <TaskDialog
      title={text.encryptTitle(machine.name)}
      label={text.encryptLabel}
      reason={isShort ? words.short : differs ? words.differ : null}
      begin={() => call('encryptMachine', { params: { ref: machine.id }, body: { passphrase, key } })}
      onClose={onClose}
    >
      <p>{text.encryptText}</p>
      <PassphraseField
        label={words.label}
        about={words.short}
        value={passphrase}
        fresh
        onChange={setPassphrase}
      />
      <PassphraseField
        label={words.again}
        value={again}
        fresh
        problem={again !== '' && differs ? words.differ : null}
        onChange={setAgain}
      />
      <div className="card list">
        <SelectRow<KeyHolder>
          title={text.holder}
          value={key}
          options={holders.map((value) => ({ value, label: text.holderNames[value] }))}
          onChange={setKey}
        />
      </div>
    </TaskDialog>
  );
}

export function DecryptDialog({ machine, onClose }: EncryptionDialogProps) {
  const { encryption: text, passphrase: words } = useKeepText();
  const [passphrase, setPassphrase] = useState('');
  return (
    <TaskDialog
      title={text.decryptTitle(machine.name)}
      label={text.decryptLabel}
      destructive
      begin={() =>
        call('decryptMachine', {
          params: { ref: machine.id },
          body: passphrase === '' ? {} : { passphrase },
        })
      }
      onClose={onClose}
    >
      <p>{text.decryptText}</p>
      <PassphraseField
        label={words.label}
        about={text.passphraseIfAsked}
        value={passphrase}
        onChange={setPassphrase}
      />
    </TaskDialog>
  );
}
