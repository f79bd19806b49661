// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { useKeepText } from './words.ts';

interface PassphraseFieldProps {
  label: string;
  value: string;
  about?: string;
  problem?: string | null;
  /** A new one, which password managers may offer */
  fresh?: boolean;
  onChange(value: string): void;
}

/** A secret, hidden unless somebody wants to see what they type. */
export function PassphraseField({
  label,
  value,
  about,
  problem = null,
  fresh = false,
  onChange,
}: PassphraseFieldProps) {
  const { passphrase: text } = useKeepText();
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="passphrase">
        <input
          id={id}
          className="input"
          type={shown ? 'text' : 'password'}
          value={value}
          autoComplete={fresh ? 'new-password' : 'current-password'}
          spellCheck={false}
          aria-describedby={`${id}-about`}
          aria-invalid={problem !== null}
          onChange={(event) => onChange(event.target.value)}
        />
        <Button
          label={shown ? text.hide : text.show}
          aria-label={`${shown ? text.hide : text.show}: ${label}`}
          onClick={() => setShown(!shown)}
        />
      </div>
      <div id={`${id}-about`} className="small">
        {problem !== null && <p className="field-problem">{problem}</p>}
        {problem === null && about !== undefined && <p className="dim">{about}</p>}
      </div>
    </div>
  );
}
