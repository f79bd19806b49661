// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { Button } from './button.tsx';
import { FieldRow } from './rows.tsx';

interface SecretRowProps {
  title: string;
  subtitle?: string;
  value: string;
  problem?: string | null;
  /** Names of the button; screen readers hear them with the title */
  words: { show: string; hide: string };
  onChange(value: string): void;
}

/** A new secret as a row of a boxed list, hidden unless somebody wants to see what they type. */
export function SecretRow({ title, subtitle, value, problem = null, words, onChange }: SecretRowProps) {
  const [shown, setShown] = useState(false);
  const label = shown ? words.hide : words.show;
  return (
    <FieldRow title={title} {...(subtitle !== undefined && { subtitle })} problem={problem}>
      {(ids) => (
        <div className="secret">
          <input
            {...ids}
            className="input"
            type={shown ? 'text' : 'password'}
            value={value}
            maxLength={200}
            autoComplete="new-password"
            autoCapitalize="off"
            spellCheck={false}
            onChange={(event) => onChange(event.target.value)}
          />
          <Button
            label={`${label}: ${title}`}
            icon={shown ? 'eye-off' : 'eye'}
            kind="flat"
            iconOnly
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          />
        </div>
      )}
    </FieldRow>
  );
}
