// SPDX-License-Identifier: Apache-2.0
//
// Fields of the forms: each knows its place in the definition, and takes its value, bounds and mistakes from there.
import { useState, type ReactNode } from 'react';
import { FieldRow, SelectRow, SwitchRow, TextRow } from '../../parts/rows.tsx';
import { useFormats, useLanguage, useText } from '../../text/language.ts';
import { getAt, type Path } from './changes.ts';
import { useDraftContext } from './draft.ts';
import { problemAt } from './problems.ts';
import { boundsAt } from './schema-at.ts';
import { readSize, writeSize } from './size-text.ts';

interface Words {
  label: string;
  about?: string;
  /** What is right, when what was typed is not */
  wrong?: string;
}
export type Choices = Readonly<Record<string, { label: string; about: string }>>;

/** The value at a path of the draft, how to set it, and what is wrong with it. */
export function useField(path: Path, wrong?: string) {
  const draft = useDraftContext();
  const { settings: text } = useText();
  const problem = problemAt(draft.problems, path);
  const refused = draft.nameTaken && path[0] === 'name' ? text.general.nameTaken : null;
  return {
    value: getAt(draft.definition, path),
    set: (value: unknown) => draft.set(path, value),
    problem: problem === null ? refused : (wrong ?? text.problem(problem.found, problem.allowed)),
  };
}

export function ChoiceField({ path, words }: { path: Path; words: { label: string; choices: Choices } }) {
  const { value, set, problem } = useField(path);
  const chosen = String(value);
  return (
    <SelectRow
      title={words.label}
      subtitle={words.choices[chosen]?.about}
      value={chosen}
      problem={problem}
      options={boundsAt(path).choices.map((choice) => ({
        value: choice,
        label: words.choices[choice]?.label ?? choice,
      }))}
      onChange={set}
    />
  );
}

export function SwitchField({ path, words }: { path: Path; words: Words }) {
  const { value, set, problem } = useField(path);
  return (
    <SwitchRow
      title={words.label}
      subtitle={words.about}
      value={value === true}
      problem={problem}
      onChange={set}
    />
  );
}

interface TextFieldProps {
  path: Path;
  words: Words;
  /** Empty means: left out */
  optional?: boolean;
  mono?: boolean;
}

export function TextField({ path, words, optional = false, mono = false }: TextFieldProps) {
  const { value, set, problem } = useField(path, words.wrong);
  return (
    <TextRow
      title={words.label}
      subtitle={words.about}
      value={typeof value === 'string' ? value : ''}
      problem={problem}
      mono={mono}
      maxLength={boundsAt(path).maxLength}
      onChange={(text) => set(optional && text === '' ? undefined : text)}
    />
  );
}

interface NumberFieldProps {
  path: Path;
  words: Words;
  optional?: boolean;
}

export function NumberField({ path, words, optional = false }: NumberFieldProps) {
  const { minimum, maximum } = boundsAt(path);
  const formats = useFormats();
  const { settings: text } = useText();
  const field = useField(path, words.wrong ?? text.between(formats.number(minimum), formats.number(maximum)));
  return (
    <TypedField
      {...field}
      words={words}
      write={(number) => String(number)}
      read={(typed) =>
        typed.trim() === '' && optional ? undefined : /^\s*\d{1,15}\s*$/.test(typed) ? Number(typed) : typed
      }
      inputMode="numeric"
    />
  );
}

interface SizeFieldProps {
  path: Path;
  words: Words;
  /** Below the field, e.g. a slider for the same value */
  children?: ReactNode;
}

/** A size as people write it: "4 GiB". */
export function SizeField({ path, words, children }: SizeFieldProps) {
  const language = useLanguage();
  const { minimum, maximum } = boundsAt(path);
  const formats = useFormats();
  const { settings: text } = useText();
  const field = useField(path, text.resources.memory.wrong(formats.bytes(minimum), formats.bytes(maximum)));
  return (
    <TypedField
      {...field}
      words={words}
      write={(bytes) => writeSize(bytes, language)}
      read={(typed) => readSize(typed) ?? typed}
    >
      {children}
    </TypedField>
  );
}

interface TypedFieldProps {
  words: Words;
  value: unknown;
  write(value: number): string;
  /** The value a text means; the text itself when it means nothing, so that the draft keeps it and finds it wrong */
  read(text: string): number | string | undefined;
  set(value: unknown): void;
  problem: string | null;
  inputMode?: 'numeric' | 'text';
  children?: ReactNode;
}

function TypedField({
  words,
  value,
  write,
  read,
  set,
  problem,
  inputMode = 'text',
  children,
}: TypedFieldProps) {
  // What is typed stays as it is for as long as it means the value: "4096M" does not jump to "4 GiB" under the cursor.
  const [typed, setTyped] = useState<string | null>(null);
  const written = typeof value === 'number' ? write(value) : typeof value === 'string' ? value : '';
  return (
    <FieldRow title={words.label} subtitle={words.about} problem={problem}>
      {(ids) => (
        <div className="typed-field">
          <input
            {...ids}
            className="input numeric"
            value={typed !== null && read(typed) === value ? typed : written}
            inputMode={inputMode}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              setTyped(event.target.value);
              set(read(event.target.value));
            }}
            onBlur={() => setTyped(null)}
          />
          {children}
        </div>
      )}
    </FieldRow>
  );
}
