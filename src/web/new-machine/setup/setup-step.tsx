// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Icon } from '../../parts/icon.tsx';
import { FieldRow, Group, SelectRow, SwitchRow, TextRow } from '../../parts/rows.tsx';
import { SecretRow } from '../../parts/secret-row.tsx';
import { useFormats, useLanguage } from '../../text/language.ts';
import {
  hostnameFrom,
  keysOf,
  offers,
  problemsOf,
  userNameOf,
  type AnswerField,
  type AnswerFormat,
  type Answers,
} from './answers.ts';
import { editionsOf } from './editions.ts';
import { keyboardOptions, localeOptions, zoneOptions } from './places.ts';
import { useSetupText } from './words.ts';
import './setup.css';

interface SetupStepProps {
  format: AnswerFormat;
  /** Id of the system, when it is known */
  system: string | null;
  /** A ready-made disk, to which nobody can sign in without answers */
  isImage: boolean;
  isOn: boolean;
  onSwitch(on: boolean): void;
  answers: Answers;
  onAnswer(changes: Partial<Answers>): void;
  machineName: string;
  /** What is wrong is told once somebody wanted to go on */
  pressed: boolean;
  error: unknown;
}

/** What an installer would ask, asked before: a short form, filled in as far as this browser knows. */
export function SetupStep(props: SetupStepProps) {
  const { format, isImage, isOn, onSwitch, answers, onAnswer, error } = props;
  const text = useSetupText();
  const formats = useFormats();
  const offer = offers[format];
  const keys = keysOf(answers);
  const problem = useProblems(props);
  return (
    <>
      <h2 tabIndex={-1}>{text.title}</h2>
      <ErrorNote error={error} />
      <Group>
        <SwitchRow
          title={text.alone}
          subtitle={isOn ? text.aloneAbout : isImage ? text.imageOff : text.aloneOff}
          value={isOn}
          onChange={onSwitch}
        />
      </Group>
      {isOn && (
        <>
          <YouGroup {...props} />
          <SystemGroup {...props} />
          {offer.windows && <WindowsGroup {...props} />}
          <Group>
            <details className="folded" open={problem('sshKeys') !== null || undefined}>
              <summary className="row">
                <span className="row-text">{text.sshKey}</span>
                <span className="small dim">
                  {keys.length === 0
                    ? text.sshKeyNone
                    : text.sshKeyCount(keys.length, formats.number(keys.length))}
                </span>
                <Icon name="down" />
              </summary>
              <FieldRow title={text.sshKey} subtitle={text.sshKeyAbout} problem={problem('sshKeys')}>
                {(ids) => (
                  <textarea
                    {...ids}
                    className="input mono ssh-keys"
                    rows={3}
                    value={answers.sshKeys}
                    placeholder="ssh-ed25519 …"
                    maxLength={65_536}
                    autoComplete="off"
                    spellCheck={false}
                    onChange={({ target }) => onAnswer({ sshKeys: target.value })}
                  />
                )}
              </FieldRow>
            </details>
          </Group>
          <p className="small dim setup-secret">
            <Icon name="lock" />
            {text.secret}
          </p>
        </>
      )}
    </>
  );
}

/** What is wrong with a field, in words: at once where something was typed, for the rest when it was pressed on. */
function useProblems({ answers, format, pressed }: SetupStepProps): (field: AnswerField) => string | null {
  const { problems: words } = useSetupText();
  const problems = problemsOf(answers, format);
  return (field) => {
    const problem = problems[field];
    if (problem === undefined) return null;
    const isTyped = answers[field] !== null && answers[field] !== '' && field !== 'passphrase';
    return pressed || isTyped ? words[problem] : null;
  };
}

function YouGroup(props: SetupStepProps) {
  const { answers, onAnswer } = props;
  const text = useSetupText();
  const problem = useProblems(props);
  return (
    <Group title={text.you}>
      <TextRow
        title={text.fullName}
        value={answers.fullName}
        problem={problem('fullName')}
        maxLength={100}
        onChange={(fullName) => onAnswer({ fullName })}
      />
      <TextRow
        title={text.userName}
        subtitle={text.userNameAbout}
        value={userNameOf(answers)}
        problem={problem('userName')}
        maxLength={32}
        onChange={(userName) => onAnswer({ userName })}
      />
      <SecretRow
        title={text.password}
        value={answers.password}
        problem={problem('password')}
        words={text}
        onChange={(password) => onAnswer({ password })}
      />
      <SecretRow
        title={text.repeat}
        value={answers.repeated}
        problem={problem('repeated')}
        words={text}
        onChange={(repeated) => onAnswer({ repeated })}
      />
    </Group>
  );
}

function SystemGroup(props: SetupStepProps) {
  const { answers, onAnswer, format, machineName } = props;
  const text = useSetupText();
  const language = useLanguage();
  const problem = useProblems(props);
  const offer = offers[format];
  const locales = useMemo(() => localeOptions(language, answers.locale), [language, answers.locale]);
  const keyboards = useMemo(
    () => [{ value: '', label: text.keyboardOfPc }, ...keyboardOptions(language)],
    [language, text],
  );
  const zones = useMemo(() => zoneOptions(answers.timezone), [answers.timezone]);
  return (
    <Group title={text.system}>
      {offer.packages && (
        <SelectRow
          title={text.packages}
          subtitle={text.packagesAbout[answers.packages]}
          value={answers.packages}
          options={(['desktop', 'minimal'] as const).map((value) => ({
            value,
            label: text.packagesAre[value],
          }))}
          onChange={(packages) => onAnswer({ packages })}
        />
      )}
      <TextRow
        title={text.hostname}
        value={answers.hostname ?? hostnameFrom(machineName, offer.hostnameLength)}
        problem={problem('hostname')}
        maxLength={63}
        onChange={(hostname) => onAnswer({ hostname })}
      />
      <SelectRow
        title={text.language}
        value={answers.locale}
        options={locales}
        onChange={(locale) => onAnswer({ locale })}
      />
      <SelectRow
        title={text.keyboard}
        value={answers.keyboard}
        options={keyboards}
        onChange={(keyboard) => onAnswer({ keyboard })}
      />
      <SelectRow
        title={text.timezone}
        value={answers.timezone}
        options={zones}
        onChange={(timezone) => onAnswer({ timezone })}
      />
      {offer.encryption && (
        <SwitchRow
          title={text.encrypt}
          subtitle={text.encryptAbout}
          value={answers.encrypt}
          onChange={(encrypt) => onAnswer({ encrypt })}
        />
      )}
      {offer.encryption && answers.encrypt && (
        <>
          <SecretRow
            title={text.passphrase}
            {...(problem('passphrase') === null && { subtitle: text.passphraseAbout })}
            value={answers.passphrase}
            problem={problem('passphrase')}
            words={text}
            onChange={(passphrase) => onAnswer({ passphrase })}
          />
          <SecretRow
            title={text.repeatPassphrase}
            value={answers.repeatedPassphrase}
            problem={problem('repeatedPassphrase')}
            words={text}
            onChange={(repeatedPassphrase) => onAnswer({ repeatedPassphrase })}
          />
        </>
      )}
    </Group>
  );
}

function WindowsGroup(props: SetupStepProps) {
  const { answers, onAnswer, system } = props;
  const text = useSetupText();
  const problem = useProblems(props);
  const editions = editionsOf(system);
  return (
    <Group title={text.windows}>
      {editions.length > 0 && (
        <SelectRow
          title={text.edition}
          value={answers.edition}
          options={[{ value: '', label: text.editionAsked }, ...editions]}
          onChange={(edition) => onAnswer({ edition })}
        />
      )}
      <TextRow
        title={text.productKey}
        subtitle={text.productKeyAbout}
        value={answers.productKey}
        problem={problem('productKey')}
        placeholder="XXXXX-XXXXX-XXXXX-XXXXX-XXXXX"
        maxLength={29}
        mono
        onChange={(productKey) => onAnswer({ productKey: productKey.toUpperCase() })}
      />
    </Group>
  );
}
