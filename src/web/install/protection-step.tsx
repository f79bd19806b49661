// SPDX-License-Identifier: Apache-2.0
import { ChoiceRow } from '../parts/choice-row.tsx';
import { Group, SwitchRow } from '../parts/rows.tsx';
import { SecretRow } from '../parts/secret-row.tsx';
import type { Field, InstallDraft } from './draft.ts';
import { useInstallText } from './words.ts';

const kinds = ['none', 'folder', 'disk'] as const;

interface ProtectionStepProps {
  draft: InstallDraft;
  /** This PC has a TPM that could keep the key */
  hasTpm: boolean;
  problems: readonly Field[];
  change(part: Partial<InstallDraft>): void;
}

/** What is encrypted, and what opens it. */
export function ProtectionStep({ draft, hasTpm, problems, change }: ProtectionStepProps) {
  const { protection: text, you } = useInstallText();
  const words = { show: you.show, hide: you.hide };
  const wrong = (field: Field, said: string): string | null => (problems.includes(field) ? said : null);
  return (
    <>
      <fieldset className="group">
        <legend className="visually-hidden">{text.title}</legend>
        <div className="card list">
          {kinds.map((kind) => (
            <ChoiceRow
              key={kind}
              name="protection"
              title={text[kind]}
              subtitle={text[`${kind}About`]}
              checked={draft.kind === kind}
              onChoose={() => change({ kind })}
            />
          ))}
        </div>
      </fieldset>
      {draft.kind !== 'none' && (
        <Group description={text.recovery} title={text.recoveryTitle}>
          <SwitchRow
            title={text.tpm}
            subtitle={hasTpm ? text.tpmAbout : text.tpmNone}
            value={draft.tpm && hasTpm}
            disabled={!hasTpm}
            onChange={(tpm) => change({ tpm })}
          />
          <SecretRow
            title={text.passphrase}
            subtitle={
              draft.tpm ? `${text.passphraseAbout}. ${text.passphraseOptional}` : text.passphraseAbout
            }
            value={draft.passphrase}
            words={words}
            problem={wrong('passphrase', text.passphraseShort) ?? wrong('opens', text.needsKey)}
            onChange={(passphrase) => change({ passphrase })}
          />
          {draft.passphrase !== '' && (
            <SecretRow
              title={text.passphraseRepeat}
              value={draft.passphraseRepeat}
              words={words}
              problem={draft.passphraseRepeat === '' ? null : wrong('passphraseRepeat', you.repeatBad)}
              onChange={(passphraseRepeat) => change({ passphraseRepeat })}
            />
          )}
        </Group>
      )}
    </>
  );
}
